package zoom

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// AccountID is that of the simulated account, which Server-to-Server OAuth asks with.
const AccountID = "SimAccount000000000000"

// App is an app of Zoom's Marketplace.
type App struct {
	// user, account or server_to_server.
	Kind         string   `json:"kind"`
	ClientID     string   `json:"client_id"`
	ClientSecret string   `json:"client_secret"`
	RedirectURIs []string `json:"redirect_uris,omitempty"`
	// Signs what goes to DeauthorizationURL.
	SecretToken        string `json:"secret_token,omitempty"`
	DeauthorizationURL string `json:"deauthorization_url,omitempty"`
}

// Grant is what somebody has allowed an app, with the tokens that came of it.
type Grant struct {
	ID           int    `json:"id"`
	ClientID     string `json:"client_id"`
	UserID       string `json:"user_id"`
	RefreshToken string `json:"refresh_token"`
	AccessTokens []struct {
		Token   string `json:"token"`
		UntilMs int64  `json:"until_ms"`
	} `json:"access_tokens"`
}

// Tokens are what Zoom hands out for a code.
type Tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
}

// Tally counts requests for tokens by how they went.
type Tally struct {
	Granted int `json:"granted"`
	Refused int `json:"refused"`
}

// TokenRequests are all requests for tokens since the simulation began, by grant type.
type TokenRequests struct {
	Account Tally `json:"account_credentials"`
	Code    Tally `json:"authorization_code"`
	Refresh Tally `json:"refresh_token"`
	Other   Tally `json:"other"`
}

// PutApp adds an app, or replaces the one with its client id.
func (s *Sim) PutApp(app App) error {
	return s.call("POST", "/apps", app, nil)
}

// SetOAuth sets switches of OAuth; those that are left out go back to what they are at first. See the simulation's README.
func (s *Sim) SetOAuth(switches map[string]any) error {
	return s.call("PUT", "/oauth", switches, nil)
}

// TokenRequests counts the requests for tokens.
func (s *Sim) TokenRequests() (TokenRequests, error) {
	var state struct {
		Requests TokenRequests `json:"token_requests"`
	}
	return state.Requests, s.call("GET", "/oauth", nil, &state)
}

// ExpireAccessTokens ends every access token before its time.
func (s *Sim) ExpireAccessTokens() error {
	return s.call("POST", "/oauth/expire_access_tokens", nil, nil)
}

// Grants are those of an app that have not ended.
func (s *Sim) Grants(clientID string) ([]Grant, error) {
	var all, own []Grant
	if err := s.call("GET", "/grants", nil, &all); err != nil {
		return nil, err
	}
	for _, grant := range all {
		if grant.ClientID == clientID {
			own = append(own, grant)
		}
	}
	return own, nil
}

// EndGrant ends a grant at Zoom, of which nobody is told.
func (s *Sim) EndGrant(id int) error {
	return s.call("DELETE", fmt.Sprintf("/grants/%d", id), nil, nil)
}

// Deauthorize removes the app at Zoom: by a user, or by the account if `user` is empty. Zoom then tells the app.
func (s *Sim) Deauthorize(clientID, user string) error {
	by := map[string]any{}
	if user != "" {
		by["user"] = user
	}
	return s.call("POST", "/apps/"+clientID+"/deauthorize", by, nil)
}

// Users are all accounts; the first one owns the organisation's.
func (s *Sim) Users() ([]User, error) {
	var users []User
	return users, s.call("GET", "/users", nil, &users)
}

// Consent opens Zoom's own page as somebody who allows the app (an id or address), or as nobody who does, and gives the address to
// which the browser is sent back.
func (s *Sim) Consent(page, who string) (string, error) {
	choice := "&refuse=1"
	if who != "" {
		choice = "&as=" + url.QueryEscape(who)
	}
	stay := &http.Client{Timeout: client.Timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := stay.Get(page + choice)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusFound {
		return "", fmt.Errorf("Zoom's page answers with status %d", response.StatusCode)
	}
	return response.Header.Get("Location"), nil
}

// Allow gives what an app gets whom this user (an id or address) has allowed it, by the same way as the official plugin: without
// PKCE.
func (s *Sim) Allow(app App, user string) (Tokens, error) {
	var tokens Tokens
	query := url.Values{"response_type": {"code"}, "client_id": {app.ClientID}, "redirect_uri": {app.RedirectURIs[0]}, "state": {"state"}}
	back, err := s.Consent(s.URL+"/oauth/authorize?"+query.Encode(), user)
	if err != nil {
		return tokens, err
	}
	returned, err := url.Parse(back)
	if err != nil {
		return tokens, err
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {returned.Query().Get("code")}, "redirect_uri": {app.RedirectURIs[0]}}
	request, err := http.NewRequest("POST", s.URL+"/oauth/token", strings.NewReader(form.Encode()))
	if err != nil {
		return tokens, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(app.ClientID, app.ClientSecret)
	response, err := client.Do(request)
	if err != nil {
		return tokens, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return tokens, fmt.Errorf("Zoom gives no tokens: status %d, %s", response.StatusCode, response.Header.Get("x-zoom-sim-hint"))
	}
	return tokens, json.NewDecoder(response.Body).Decode(&tokens)
}
