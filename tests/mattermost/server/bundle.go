package server

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// Unpack puts a bundle where the server keeps its plugins, as uploading it does: the folder bears the manifest's id, whatever
// the archive calls it. It returns that folder.
func Unpack(bundle, plugins string) (string, error) {
	staging, err := os.MkdirTemp(plugins, ".upload")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(staging)
	if err := extract(bundle, staging); err != nil {
		return "", fmt.Errorf("unpack %s: %w", bundle, err)
	}
	root, err := manifestFolder(staging)
	if err != nil {
		return "", fmt.Errorf("%s: %w", bundle, err)
	}
	manifest, _, err := model.FindManifest(root)
	if err != nil {
		return "", fmt.Errorf("%s: %w", bundle, err)
	}
	if !model.IsValidPluginId(manifest.Id) {
		return "", fmt.Errorf("%s: invalid plugin id %q", bundle, manifest.Id)
	}
	folder := filepath.Join(plugins, manifest.Id)
	return folder, os.Rename(root, folder)
}

// The manifest stands at the archive's root or in its only folder.
func manifestFolder(staging string) (string, error) {
	entries, err := os.ReadDir(staging)
	if err != nil {
		return "", err
	}
	if len(entries) == 1 && entries[0].IsDir() {
		staging = filepath.Join(staging, entries[0].Name())
	}
	if _, err := os.Stat(filepath.Join(staging, "plugin.json")); err != nil {
		return "", errors.New("there is no plugin.json at the archive's root or in its only folder")
	}
	return staging, nil
}

func extract(bundle, to string) error {
	file, err := os.Open(bundle)
	if err != nil {
		return err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	archive := tar.NewReader(unzipped)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := extractEntry(archive, header, to); err != nil {
			return fmt.Errorf("%s: %w", header.Name, err)
		}
	}
}

func extractEntry(archive io.Reader, header *tar.Header, to string) error {
	target := filepath.Join(to, header.Name)
	if target != to && !strings.HasPrefix(target, to+string(filepath.Separator)) {
		return errors.New("leads out of the archive")
	}
	mode := fs.FileMode(header.Mode).Perm()
	switch header.Typeflag {
	case tar.TypeDir:
		return os.MkdirAll(target, mode)
	case tar.TypeReg:
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		file, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
		if err != nil {
			return err
		}
		_, err = io.Copy(file, archive)
		return errors.Join(err, file.Close())
	default:
		return fmt.Errorf("the server unpacks files and folders only, not entries of type %q", header.Typeflag)
	}
}
