package zoom

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Claims of a JWT app's token.
type Claims struct {
	Issuer string `json:"iss"`
	// Unix seconds.
	Expires int64 `json:"exp"`
}

// Verify checks the token of an Authorization header as RFC 7515 and RFC 7519 say: HS256 over the API Secret.
func Verify(authorization string) (Claims, error) {
	var claims Claims
	token, ok := strings.CutPrefix(authorization, "Bearer ")
	if !ok {
		return claims, errors.New("no bearer token")
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return claims, fmt.Errorf("a token of %d parts", len(parts))
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	if err := decode(parts[0], &header); err != nil {
		return claims, err
	}
	if header.Algorithm != "HS256" {
		return claims, fmt.Errorf("algorithm %q", header.Algorithm)
	}
	mac := hmac.New(sha256.New, []byte(APISecret))
	mac.Write([]byte(parts[0] + "." + parts[1]))
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return claims, err
	}
	if !hmac.Equal(signature, mac.Sum(nil)) {
		return claims, errors.New("wrong signature")
	}
	return claims, decode(parts[1], &claims)
}

func decode(part string, into any) error {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}
