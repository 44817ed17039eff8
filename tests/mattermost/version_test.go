package mattermost

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"zoom-chat/tests/mattermost/server"

	"github.com/mattermost/mattermost/server/public/model"
)

// Whether one version is above another by the server's own comparison.
func above(t *testing.T, version, other string) bool {
	t.Helper()
	atLeast := func(version, lowest string) bool {
		met, err := (&model.Manifest{MinServerVersion: lowest}).MeetMinServerVersion(version)
		if err != nil {
			t.Fatalf("%s and %s cannot be compared: %v", version, lowest, err)
		}
		return met
	}
	return atLeast(version, other) && !atLeast(other, version)
}

// The text of plugin.json in a bundle of this version of the product: what `cargo xtask manifest` prints.
func printedManifest(product string, options ...string) ([]byte, error) {
	tool := exec.Command("cargo", append([]string{"xtask", "manifest", product}, options...)...)
	tool.Dir = repository()
	return tool.Output()
}

func manifestOf(t *testing.T, product string) (*model.Manifest, error) {
	t.Helper()
	output, err := printedManifest(product)
	if err != nil {
		return nil, err
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "plugin.json"), output, 0o644); err != nil {
		t.Fatal(err)
	}
	manifest, _, err := model.FindManifest(folder)
	return manifest, err
}

// The server ships a plugin with our id. At its start it installs that one over an enabled plugin with a lower version.
func TestTheServersOwnPluginDoesNotReplaceThisOne(t *testing.T) {
	built, _, err := model.FindManifest(zoomDir)
	if err != nil {
		t.Fatal(err)
	}
	cargo, err := os.ReadFile(filepath.Join(repository(), "Cargo.toml"))
	if err != nil {
		t.Fatal(err)
	}
	product := regexp.MustCompile(`(?m)^version = "([^"]*)"`).FindSubmatch(cargo)
	if product == nil {
		t.Fatal("Cargo.toml states no version")
	}
	// Released ones, and far more than will be.
	official := []string{"1.0.0", "1.6.2", "1.13.0", "2.0.0", "2.99.99", "10.0.0", "99.999.999", "99.999.999-rc1"}
	t.Run("f48_the_built_manifest_is_above_any_official_one", func(t *testing.T) {
		for _, other := range official {
			if !above(t, built.Version, other) {
				t.Errorf("version %s is not above %s", built.Version, other)
			}
		}
		if err := built.IsValid(); err != nil {
			t.Error(err)
		}
	})
	t.Run("f48_the_manifests_version_follows_from_the_products", func(t *testing.T) {
		rule := map[string]string{
			"0.1.0": "100.1.0", "0.1.1": "100.1.1", "0.2.0": "100.2.0", "1.0.0-rc.1": "101.0.0-rc.1", "1.0.0": "101.0.0", "12.34.56": "112.34.56",
		}
		rule[string(product[1])] = built.Version
		for product, version := range rule {
			manifest, err := manifestOf(t, product)
			if err != nil {
				t.Fatal(err)
			}
			if manifest.Version != version {
				t.Errorf("the manifest of %s has version %s, want %s", product, manifest.Version, version)
			}
			for _, other := range official {
				if !above(t, manifest.Version, other) {
					t.Errorf("%s of product %s is not above %s", manifest.Version, product, other)
				}
			}
		}
		ordered := []string{"0.1.0", "0.1.1", "0.2.0", "1.0.0-rc.1", "1.0.0", "12.34.56"}
		for i, newer := range ordered[1:] {
			if !above(t, rule[newer], rule[ordered[i]]) {
				t.Errorf("%s is newer than %s, and its manifest is not", newer, ordered[i])
			}
		}
		for _, bad := range []string{"v1.2.3", "1.2", "01.2.3", "1.2.3.4", "x"} {
			if manifest, err := manifestOf(t, bad); err == nil {
				t.Errorf("%q became version %s", bad, manifest.Version)
			}
		}
	})
}

func TestTheDoctorSaysWhetherThePluginStays(t *testing.T) {
	built, _, err := model.FindManifest(zoomDir)
	if err != nil {
		t.Fatal(err)
	}
	report := func(w *world) string {
		w.Helper()
		return w.types("/zoom doctor", as(w.person("root-"+model.NewId()[:8], server.SystemAdmin))).Text()
	}
	automatic := func(w *world, on bool) {
		w.Helper()
		w.chat.ChangeConfig(func(config *model.Config) { config.PluginSettings.AutomaticPrepackagedPlugins = &on })
		w.check(w.host.Reconfigure(goodSettings()))
	}
	t.Run("f48_the_doctor_finds_the_version_in_order", func(t *testing.T) {
		w := newWorld(t)
		w.holds(report(w), "✓ **Version**: "+built.Version+" is above")
		automatic(w, false)
		w.holds(report(w), "✓ **Version**: "+built.Version+". Mattermost installs none")
	})
	t.Run("f48_the_doctor_finds_a_version_that_the_server_replaces", func(t *testing.T) {
		folder := filepath.Join(t.TempDir(), filepath.Base(zoomDir))
		if err := os.CopyFS(folder, os.DirFS(zoomDir)); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, "plugin.json")
		manifest, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		low := bytes.Replace(manifest, []byte(built.Version), []byte("0.1.0"), 1)
		if err := os.WriteFile(path, low, 0o644); err != nil {
			t.Fatal(err)
		}
		w := newWorldOf(t, folder, goodSettings())
		w.holds(report(w), "✗ **Version**: 0.1.0 is below", "AutomaticPrepackagedPlugins")
		automatic(w, false)
		w.holds(report(w), "⚠ **Version**: 0.1.0 is below", "Marketplace")
	})
}
