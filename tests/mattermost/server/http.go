package server

import (
	"net"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// SignIn makes a session and returns its token.
func (s *Server) SignIn(user *model.User) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := model.NewId()
	s.sessions[token] = user.Id
	return token
}

// Handler is the server's front, as far as it leads to the plugin: it signs people in and passes requests on without what would
// let the plugin act as them.
func (h *Host) Handler() http.Handler {
	prefix := "/plugins/" + h.Manifest.Id
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, ok := strings.CutPrefix(r.URL.Path, prefix)
		hooks, err := h.Hooks()
		if !ok || !strings.HasPrefix(path, "/") || err != nil {
			http.NotFound(w, r)
			return
		}
		// Files for everybody; the plugin is not asked.
		if file, ok := strings.CutPrefix(path, "/public/"); ok {
			h.servePublic(w, r, file)
			return
		}
		user := h.Server.session(r)
		for name := range r.Header {
			if strings.EqualFold(name, "Mattermost-User-Id") || strings.EqualFold(name, "Mattermost-Plugin-Id") {
				r.Header.Del(name)
			}
		}
		if user != "" {
			r.Header.Set("Mattermost-User-Id", user)
		}
		stripCredentials(r)
		r.URL.Path = path
		address, _, _ := net.SplitHostPort(r.RemoteAddr)
		hooks.ServeHTTP(pluginContext(address), w, r)
	})
}

func (h *Host) servePublic(w http.ResponseWriter, r *http.Request, file string) {
	folder, err := h.env.PublicFilesPath(h.Manifest.Id)
	if err != nil || strings.HasSuffix(r.URL.Path, "/") {
		http.NotFound(w, r)
		return
	}
	http.ServeFile(w, r, filepath.Join(folder, filepath.Clean("/"+file)))
}

// The user of the session whose token the request carries; empty for none. A token in a cookie counts only when the request
// reads, or could not have been made by another site.
func (s *Server) session(r *http.Request) string {
	token, ok := strings.CutPrefix(r.Header.Get(model.HeaderAuth), "Bearer ")
	if !ok {
		if cookie, err := r.Cookie(model.SessionCookieToken); err == nil && (r.Method == http.MethodGet || r.Header.Get(model.HeaderRequestedWith) == model.HeaderRequestedWithXML) {
			token = cookie.Value
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions[token]
}

func stripCredentials(r *http.Request) {
	r.Header.Del(model.HeaderAuth)
	r.Header.Del("Referer")
	cookies := r.Cookies()
	r.Header.Del("Cookie")
	for _, cookie := range cookies {
		if cookie.Name != model.SessionCookieToken {
			r.AddCookie(cookie)
		}
	}
	query := r.URL.Query()
	query.Del("access_token")
	r.URL.RawQuery = query.Encode()
}
