package server

import (
	"bytes"
	"slices"
	"sort"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

type kvEntry struct {
	value []byte
	// Milliseconds since the Unix epoch; 0: never.
	expireAt int64
}

// Stored is the keys that the plugin has stored and that have not expired, in alphabetical order.
func (s *Server) Stored() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for key := range s.kv {
		if _, ok := s.live(key); ok {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	return keys
}

// StoredLife is how long the key has still to live; 0: for ever, or no such key.
func (s *Server) StoredLife(key string) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry, ok := s.live(key)
	if !ok || entry.expireAt == 0 {
		return 0
	}
	return time.Duration(entry.expireAt-s.millis()) * time.Millisecond
}

// An entry whose time is over is invisible, though its row may still be there.
func (s *Server) live(key string) (kvEntry, bool) {
	entry, ok := s.kv[key]
	if ok && entry.expireAt != 0 && entry.expireAt <= s.millis() {
		return kvEntry{}, false
	}
	return entry, ok
}

// A missing key is a nil value, not an error.
func (a *api) KVGet(key string) ([]byte, *model.AppError) {
	s, unlock, err := a.enter("KVGet", key)
	if err != nil {
		return nil, err
	}
	defer unlock()
	entry, _ := s.live(key)
	return slices.Clone(entry.value), nil
}

func (a *api) KVSetWithOptions(key string, value []byte, options model.PluginKVSetOptions) (bool, *model.AppError) {
	s, unlock, err := a.enter("KVSetWithOptions", key)
	if err != nil {
		return false, err
	}
	defer unlock()
	if err := options.IsValid(); err != nil {
		return false, err
	}
	row := model.PluginKeyValue{PluginId: s.manifest.Id, Key: key, Value: value}
	if err := row.IsValid(); err != nil {
		return false, err
	}
	entry := kvEntry{value: slices.Clone(value)}
	if options.ExpireInSeconds != 0 {
		entry.expireAt = s.millis() + options.ExpireInSeconds*1000
	}
	if options.Atomic && !s.matches(key, value, options.OldValue) {
		return false, nil
	}
	// Setting nil is deleting.
	if value == nil {
		delete(s.kv, key)
	} else {
		s.kv[key] = entry
	}
	return true, nil
}

// Whether an atomic write may happen. An old value of nil means that there must be no live entry; deleting then has nothing to
// compare with and never happens.
func (s *Server) matches(key string, value, old []byte) bool {
	entry, ok := s.live(key)
	if old == nil {
		return value != nil && !ok
	}
	return ok && bytes.Equal(entry.value, old)
}

func (a *api) KVSet(key string, value []byte) *model.AppError {
	_, err := a.KVSetWithOptions(key, value, model.PluginKVSetOptions{})
	return err
}

func (a *api) KVSetWithExpiry(key string, value []byte, seconds int64) *model.AppError {
	_, err := a.KVSetWithOptions(key, value, model.PluginKVSetOptions{ExpireInSeconds: seconds})
	return err
}

func (a *api) KVCompareAndSet(key string, old, value []byte) (bool, *model.AppError) {
	return a.KVSetWithOptions(key, value, model.PluginKVSetOptions{Atomic: true, OldValue: old})
}

func (a *api) KVCompareAndDelete(key string, old []byte) (bool, *model.AppError) {
	return a.KVSetWithOptions(key, nil, model.PluginKVSetOptions{Atomic: true, OldValue: old})
}

// Deleting a missing key is no error.
func (a *api) KVDelete(key string) *model.AppError {
	s, unlock, err := a.enter("KVDelete", key)
	if err != nil {
		return err
	}
	defer unlock()
	delete(s.kv, key)
	return nil
}

func (a *api) KVList(page, perPage int) ([]string, *model.AppError) {
	keys := a.server.Stored()
	from := min(max(page, 0)*perPage, len(keys))
	return keys[from:min(from+perPage, len(keys))], nil
}
