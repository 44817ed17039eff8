// gen writes the Rust side of the gob structs that Mattermost's server and its plugins exchange.
//
// It reads Go's own types, so that names and shapes cannot be mistyped, and writes only what is listed in used.go:
// gob matches fields by name, skips what the receiver does not have, and leaves out what the sender does not send.
//
// Usage, from this folder: go run . ../src/model/wire.rs
package main

import (
	"bytes"
	"fmt"
	"go/types"
	"os"
	"os/exec"
	"slices"
	"sort"
	"strings"

	// Named here so that go.mod holds its version.
	_ "github.com/mattermost/mattermost/server/public/plugin"
	"golang.org/x/tools/go/packages"
)

const pluginPackage = "github.com/mattermost/mattermost/server/public/plugin"
const modelPackage = "github.com/mattermost/mattermost/server/public/model"

func main() {
	if len(os.Args) != 2 {
		fail("usage: go run . FILE")
	}
	g := generator{structs: map[string]string{}, refers: map[string]map[string]bool{}}
	scopes := load()
	for _, name := range rpcs {
		g.root(scopes[pluginPackage], "Z_"+name+"Args")
		g.root(scopes[pluginPackage], "Z_"+name+"Returns")
	}
	g.root(scopes[pluginPackage], "Z_ServeHTTPArgs")
	g.root(scopes[pluginPackage], "ErrorString")
	for _, name := range heldInInterfaces {
		g.root(scopes[modelPackage], name)
	}
	for name := range keep {
		if !g.seen[name] {
			fail("keep names %s, which no call uses", name)
		}
	}
	if err := os.WriteFile(os.Args[1], g.render(), 0o644); err != nil {
		fail("%v", err)
	}
	if out, err := exec.Command("rustfmt", "--edition", "2024", os.Args[1]).CombinedOutput(); err != nil {
		fail("rustfmt: %v\n%s", err, out)
	}
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

func load() map[string]*types.Scope {
	mode := packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedExportFile
	loaded, err := packages.Load(&packages.Config{Mode: mode}, pluginPackage, modelPackage)
	if err != nil {
		fail("loading packages: %v", err)
	}
	scopes := map[string]*types.Scope{}
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			fail("%s: %v", p.PkgPath, p.Errors)
		}
		scopes[p.PkgPath] = p.Types.Scope()
	}
	return scopes
}

// generator collects one Rust struct for each Go struct it meets.
type generator struct {
	structs map[string]string          // Rust name to code; pointers to structs stand in it as «Name»
	refers  map[string]map[string]bool // which struct holds which without a slice or map between
	seen    map[string]bool            // Go names, to find stale entries of keep
}

func (g *generator) root(scope *types.Scope, name string) {
	object := scope.Lookup(name)
	if object == nil {
		fail("no type %s", name)
	}
	if g.rust(object.Type(), "") == "" {
		fail("%s has no gob form", name)
	}
}

// rust gives the Rust type for a Go type, or "" for one that gob leaves out. owner is the struct that holds the value
// directly, or "".
func (g *generator) rust(t types.Type, owner string) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return basic[t.Kind()]
	case *types.Pointer:
		return g.pointer(t, owner)
	case *types.Slice:
		return wrap("Vec<%s>", g.rust(t.Elem(), ""))
	case *types.Map:
		return wrap("BTreeMap<"+g.rust(t.Key(), "")+", %s>", g.rust(t.Elem(), ""))
	case *types.Interface:
		return "Any"
	case *types.Named:
		return g.named(t)
	case *types.Struct:
		if t.NumFields() == 0 {
			return "Empty"
		}
	}
	return ""
}

func wrap(format, inner string) string {
	if inner == "" {
		return ""
	}
	return fmt.Sprintf(format, inner)
}

// pointer: gob sends what a pointer points to, or nothing.
func (g *generator) pointer(t *types.Pointer, owner string) string {
	inner := g.rust(t.Elem(), "")
	if inner == "" || strings.HasPrefix(inner, "Option<") {
		return inner
	}
	if owner != "" && g.structs[inner] != "" {
		g.refers[owner][inner] = true
		return "Option<«" + inner + "»>"
	}
	return "Option<" + inner + ">"
}

func (g *generator) named(t *types.Named) string {
	switch t.String() {
	case "time.Time":
		return "GoTime"
	case "net/url.URL":
		return "BinaryBytes"
	case "net/http.Header":
		return "Header"
	}
	switch under := t.Underlying().(type) {
	case *types.Interface:
		return "Any"
	case *types.Struct:
		return g.structure(t, under)
	default:
		return g.rust(under, "")
	}
}

func (g *generator) structure(t *types.Named, s *types.Struct) string {
	name := strings.TrimPrefix(t.Obj().Name(), "Z_")
	if s.NumFields() == 0 {
		return "Empty"
	}
	if g.structs[name] != "" {
		return name
	}
	if g.seen == nil {
		g.seen = map[string]bool{}
	}
	g.seen[name] = true
	g.structs[name] = "pending"
	g.refers[name] = map[string]bool{}
	wanted, limited := keep[name]
	var code strings.Builder
	found := 0
	for field := range s.Fields() {
		if !field.Exported() || limited && !slices.Contains(wanted, field.Name()) {
			continue
		}
		rust := g.rust(field.Type(), name)
		if rust == "" {
			continue
		}
		if g.structs[rust] != "" {
			g.refers[name][rust] = true
		}
		found++
		fmt.Fprintf(&code, "#[gob(name = %q)]\npub(crate) %s: %s,\n", field.Name(), identifier(field.Name()), rust)
	}
	if limited && found != len(wanted) {
		fail("%s has %d of the %d fields that keep wants", name, found, len(wanted))
	}
	if !limited && !strings.HasPrefix(t.Obj().Name(), "Z_") && s.NumFields() > 4 {
		fail("%s has %d fields: say in keep which are used", name, s.NumFields())
	}
	g.structs[name] = fmt.Sprintf("#[derive(Gob, Debug, Default, Clone)]\npub(crate) struct %s {\n%s}\n", name, code.String())
	return name
}

// render puts the structs in order and boxes the pointers that would make a type contain itself.
func (g *generator) render() []byte {
	names := make([]string, 0, len(g.structs))
	for name := range g.structs {
		names = append(names, name)
	}
	sort.Strings(names)
	var out bytes.Buffer
	out.WriteString(heading)
	for _, name := range names {
		code := g.structs[name]
		for {
			_, rest, found := strings.Cut(code, "«")
			if !found {
				break
			}
			target, _, _ := strings.Cut(rest, "»")
			plain := target
			if target == name || g.reaches(target, name, map[string]bool{}) {
				plain = "Box<" + target + ">"
			}
			code = strings.Replace(code, "«"+target+"»", plain, 1)
		}
		declaration, fields, _ := strings.Cut(code, "{\n")
		fields = strings.ReplaceAll(fields, "<"+name+">", "<Self>")
		out.WriteString("\n" + declaration + "{\n" + fields)
	}
	return out.Bytes()
}

func (g *generator) reaches(from, to string, seen map[string]bool) bool {
	for next := range g.refers[from] {
		if next == to {
			return true
		}
		if !seen[next] {
			seen[next] = true
			if g.reaches(next, to, seen) {
				return true
			}
		}
	}
	return false
}

const heading = `//! Generated from the Go types of github.com/mattermost/mattermost/server/public by host-shim/mattermost/gen: do not edit.
//!
//! Arguments and answers of the calls between the server and a plugin. Fields bear Go's names on the wire.
use super::{Any, BinaryBytes, Gob, GoTime, Header};
use std::collections::BTreeMap;
`

var basic = map[types.BasicKind]string{
	types.Bool: "bool", types.String: "String",
	types.Int: "i64", types.Int8: "i8", types.Int16: "i16", types.Int32: "i32", types.Int64: "i64",
	types.Uint: "u64", types.Uint8: "u8", types.Uint16: "u16", types.Uint32: "u32", types.Uint64: "u64",
	types.Float32: "f32", types.Float64: "f64",
}

// identifier turns SiteURL into site_url, and Type into r#type.
func identifier(s string) string {
	var b strings.Builder
	r := []rune(s)
	upper := func(c rune) bool { return c >= 'A' && c <= 'Z' }
	for i, c := range r {
		if upper(c) && i > 0 && (!upper(r[i-1]) || i+1 < len(r) && !upper(r[i+1])) {
			b.WriteByte('_')
		}
		b.WriteString(strings.ToLower(string(c)))
	}
	if slices.Contains([]string{"type", "where"}, b.String()) {
		return "r#" + b.String()
	}
	return b.String()
}
