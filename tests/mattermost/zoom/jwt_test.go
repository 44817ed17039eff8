package zoom

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
)

func token(header, claims, secret string) string {
	signed := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return "Bearer " + signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func TestVerifyTakesOnlyTokensOfTheApp(t *testing.T) {
	const header, claims = `{"alg":"HS256","typ":"JWT"}`, `{"iss":"key","exp":1767605412}`
	good := token(header, claims, APISecret)
	if got, err := Verify(good); err != nil || got != (Claims{Issuer: "key", Expires: 1767605412}) {
		t.Errorf("a good token: %+v %v", got, err)
	}
	for name, bad := range map[string]string{
		"another secret":           token(header, claims, APISecret+"x"),
		"another algorithm":        token(`{"alg":"none"}`, claims, APISecret),
		"a time that is no number": token(header, `{"iss":"key","exp":"soon"}`, APISecret),
		"no signature":             good[:strings.LastIndexByte(good, '.')+1],
		"no scheme":                strings.TrimPrefix(good, "Bearer "),
		"nothing":                  "",
	} {
		if _, err := Verify(bad); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
