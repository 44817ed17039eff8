package mattermost

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"time"

	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

// Stores a value as the official plugin does: without a condition, for ever or for so many seconds.
func (w *world) leave(key string, value []byte, seconds int64) {
	w.Helper()
	if err := w.chat.API().KVSetWithExpiry(key, value, seconds); err != nil {
		w.Fatal(err)
	}
}

func (w *world) leaveJSON(key string, value any, seconds int64) {
	w.Helper()
	encoded, err := json.Marshal(value)
	w.check(err)
	w.leave(key, encoded, seconds)
}

// Encrypts as the official plugin does: AES in CFB mode under the setting's bytes, the random vector in front, padded, in base64url.
func (w *world) officiallyEncrypted(text string) string {
	w.Helper()
	return w.officiallyEncryptedBy(encryptionKey, text)
}

func (w *world) officiallyEncryptedBy(key, text string) string {
	w.Helper()
	block, err := aes.NewCipher([]byte(key))
	w.check(err)
	padding := aes.BlockSize - len(text)%aes.BlockSize
	padded := append([]byte(text), bytes.Repeat([]byte{byte(padding)}, padding)...)
	sealed := make([]byte, aes.BlockSize+len(padded))
	if _, err := rand.Read(sealed[:aes.BlockSize]); err != nil {
		w.Fatal(err)
	}
	cipher.NewCFBEncrypter(block, sealed[:aes.BlockSize]).XORKeyStream(sealed[aes.BlockSize:], padded)
	return base64.URLEncoding.EncodeToString(sealed)
}

// A user's sign-in as the official plugin leaves it: tokens that Zoom knows, for the Zoom account of the user's own address.
func (w *world) leaveOfficialToken(user *model.User, expiry time.Time) zoom.Tokens {
	w.Helper()
	return w.leaveOfficialTokenOf(user, user.Email, expiry)
}

func (w *world) leaveOfficialTokenOf(user *model.User, email string, expiry time.Time) zoom.Tokens {
	w.Helper()
	tokens, err := simulated.Allow(*w.app, email)
	w.check(err)
	w.leaveOfficialRecord(user, email, w.officiallyEncrypted(tokens.Access), tokens.Refresh, expiry)
	return tokens
}

// The record itself, under both of its keys.
func (w *world) leaveOfficialRecord(user *model.User, email, access, refresh string, expiry time.Time) {
	w.Helper()
	record := map[string]any{
		"ZoomEmail": email, "UserID": user.Id, "ZoomID": w.zoomID(email),
		"OAuthToken": map[string]any{"access_token": access, "token_type": "bearer", "refresh_token": refresh, "expiry": expiry},
	}
	w.leaveJSON("zoomtoken_"+user.Id, record, 0)
	w.leaveJSON("zoomtokenbyzoomid_"+w.zoomID(email), record, 0)
}
