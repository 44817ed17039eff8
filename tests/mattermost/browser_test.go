package mattermost

import (
	"bytes"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"

	"zoom-chat/tests/mattermost/server"

	"github.com/mattermost/mattermost/server/public/model"
)

// Where its cookies count: people reach the chat server there.
var site, _ = url.Parse(server.SiteURL)

// A person's browser: it keeps cookies, the session's among them, and follows no redirect by itself.
type browser struct {
	*world
	cookies *cookiejar.Jar
}

// A new browser, in which this user is signed in to the chat server, or nobody.
func (w *world) newBrowser(session *model.User) *browser {
	w.Helper()
	cookies, err := cookiejar.New(nil)
	w.check(err)
	if session != nil {
		token := &http.Cookie{Name: model.SessionCookieToken, Value: w.chat.SignIn(session), Path: "/", Secure: true}
		user := &http.Cookie{Name: model.SessionCookieUser, Value: session.Id, Path: "/", Secure: true}
		cookies.SetCookies(site, []*http.Cookie{token, user})
	}
	return &browser{w, cookies}
}

// The browser in which this user is signed in, or the one in which nobody is.
func (w *world) browser(session *model.User) *browser {
	w.Helper()
	id := ""
	if session != nil {
		id = session.Id
	}
	if w.browsers[id] == nil {
		w.browsers[id] = w.newBrowser(session)
	}
	return w.browsers[id]
}

// Asks for an address of the chat server.
func (b *browser) visits(method, address string) answer {
	b.Helper()
	return b.sends(method, address, nil, true)
}

// Sends a form. `lax`: with the cookies that another site's page does not get to send with one.
func (b *browser) sends(method, address string, form url.Values, lax bool) answer {
	b.Helper()
	at, err := url.Parse(address)
	b.check(err)
	path, ok := strings.CutPrefix(address, server.SiteURL)
	if !ok {
		b.Fatalf("%s is no address of the chat server", address)
	}
	request, err := http.NewRequest(method, b.front.URL+path, strings.NewReader(form.Encode()))
	b.check(err)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if lax {
		for _, cookie := range b.cookies.Cookies(at) {
			request.AddCookie(cookie)
		}
	}
	got := b.stays(request)
	b.keeps(at, (&http.Response{Header: got.header}).Cookies())
	return got
}

// The answer to a request. Redirects are not followed.
func (w *world) stays(request *http.Request) answer {
	w.Helper()
	stay := *w.front.Client()
	stay.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := stay.Do(request)
	w.check(err)
	defer response.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(response.Body)
	w.check(err)
	return answer{response.StatusCode, response.Header, body.String()}
}

// Keeps cookies as browsers do, and insists on what makes them safe.
func (b *browser) keeps(at *url.URL, cookies []*http.Cookie) {
	b.Helper()
	for _, cookie := range cookies {
		whole := strings.HasPrefix(cookie.Name, "__Host-") && cookie.Secure && cookie.Path == "/" && cookie.Domain == ""
		if !whole || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.MaxAge <= 0 || cookie.MaxAge > 600 {
			b.Errorf("the plugin sets the cookie %v", cookie)
		}
	}
	b.cookies.SetCookies(at, cookies)
}

var proof = regexp.MustCompile(`name="proof" value="([^"]*)"`)

// Looks at a connect link's page, and gives the form that its button sends.
func (b *browser) looksAt(link string) url.Values {
	b.Helper()
	got := b.visits("GET", link)
	found := proof.FindStringSubmatch(got.body)
	if got.status != http.StatusOK || !strings.Contains(got.body, "Continue to Zoom") || found == nil {
		b.Fatalf("the link's page: status %d %s", got.status, got.body)
	}
	return url.Values{"proof": {found[1]}}
}

// Goes from a connect link to Zoom's page by way of the question.
func (b *browser) setsOut(link string) string {
	b.Helper()
	got := b.sends("POST", link, b.looksAt(link), true)
	if got.status != http.StatusSeeOther || !strings.Contains(got.header.Get("Location"), "/oauth/authorize?") {
		b.Fatalf("after the button: status %d to %q", got.status, got.header.Get("Location"))
	}
	return got.header.Get("Location")
}

// Allows the app on Zoom's page, as this person there, and gives the address that Zoom sends the browser to.
func (w *world) allows(zoomsPage, email string) string {
	w.Helper()
	back, err := simulated.Consent(zoomsPage, email)
	w.check(err)
	return back
}

// Asks for an address of the chat server, in the browser of this user or in the one without a session.
func (w *world) visits(method, address string, session *model.User) answer {
	w.Helper()
	return w.browser(session).visits(method, address)
}

// Goes from a connect link to Zoom's page, in a browser without a session.
func (w *world) setsOut(link string) string {
	w.Helper()
	return w.browser(nil).setsOut(link)
}

// Connects by a link, as this person at Zoom, and gives the last page.
func (w *world) connectsBy(link, email string) answer {
	w.Helper()
	return w.visits("GET", w.allows(w.setsOut(link), email), nil)
}
