# Recipes of the project. `./just` runs them on a machine that has no `just`.
set shell := ["bash", "-euo", "pipefail", "-c"]
set positional-arguments

# Installed first where they are missing; scripts called by recipes get them too.
export RUSTUP_TOOLCHAIN := `scripts/toolchain`
export CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS := `scripts/wasm-target`
target := env("CARGO_TARGET_DIR", justfile_directory() / "target")
# The tests and the hosts all use one built component.
export ZOOM_COMPONENT := target / "component/zoom.wasm"
export JUST := just_executable()

[private]
default:
    @"$JUST" --list

# A chat in a web page with a simulated Zoom beside it; `./just run --help` lists options
[group("use")]
[no-cd]
run *options: component
    cargo run --manifest-path "{{ justfile_directory() }}/Cargo.toml" --package local-host -- --component "{{ target }}/component/zoom.cwasm" --data "{{ target }}/local-data" "$@"

# The plugin for Mattermost: dist/zoom-VERSION.tar.gz (with the web client's part where Node is)
[group("use")]
bundle *options:
    cargo xtask bundle "$@"

# The component, target/component/zoom.wasm, and its form for this machine, zoom.cwasm
[group("use")]
component:
    cargo xtask component

# What the built component imports and exports, as WIT
[group("use")]
wit: component
    cargo run --quiet --package component-tests --example wit -- "$ZOOM_COMPONENT"

# All tests that need no language but Rust
[group("test")]
test: component
    cargo test --workspace
    @scripts/skipped

# The pure core alone, in seconds: `./just test-core PATTERN`
[group("test")]
test-core *options:
    cargo test --package zoom-chat "$@"

# Nodes, users and Zoom in a world that fails, effect by effect: `--seeds N`, or `--seed X` to replay one
[group("test")]
simulate *options:
    cargo run --quiet --profile simulation --package simulation -- "$@"

# Puts known faults into a copy of the core, and says which scenarios fail for each; or those with this in their names
[group("test")]
scenarios-planted *options:
    cargo run --quiet --package simulation --bin scenarios-planted -- "$@"

# Mattermost's own plugin supervisor hosts the built bundle (needs Go)
[group("test")]
test-mattermost *options:
    tests/mattermost/run "$@"

# The simulated Zoom against clients that others wrote (needs Python and Node)
[group("test")]
test-oracles *options:
    tests/oracles/run "$@"

# The page of `./just run` in a real browser (needs Node and Chromium)
[group("test")]
test-browser *options: component
    cargo build --package local-host
    tests/browser/run "$@"

# The web client's part: its rules, its parts, and the bundle in a real browser (needs Node and Chromium)
[group("test")]
test-web *options: component
    webapp/lint
    webapp/test
    cargo build --package local-host
    tests/web/run "$@"

# An instance and a whole start flow, beside a hook that does nothing
[group("test")]
bench *options: component
    cargo bench --package component-tests "$@"

# Everything that CI runs, cheap first, and how long each step took
[group("check")]
ci:
    scripts/steps forbid lint test-core doc test bundle generated test-mattermost test-oracles test-browser test-web deny

# Formatting, clippy, and the linters of the other languages
[group("check")]
lint:
    scripts/lint

# Formats what formatters format
[group("check")]
fmt:
    cargo fmt --all
    scripts/lint --fix-go

# Words that must not land and imports that go up; `--layers` prints the floors and what each module imports
[group("check")]
forbid *options:
    cargo xtask forbid "$@"

# Makes anew what is generated and compares it with what is committed; `--write` puts it in place (needs Go)
[group("check")]
generated *options:
    cargo xtask generated "$@"

# API documentation, private items included, without a warning
[group("check")]
doc *options:
    RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps --document-private-items "$@"

# Licences, sources and known faults of the dependencies
[group("check")]
deny:
    scripts/deny

# The component's size by crate; `--functions N` lists the largest functions too
[group("check")]
size *options:
    cargo xtask size "$@"
