//! The rules: what must not stand where. The compiler and clippy hold the rest.

/// One thing that must not land.
#[derive(Debug)]
pub(super) struct Rule {
    /// What is wrong about it.
    pub(super) why: &'static str,
    /// An extended regular expression, of git's kind.
    pub(super) pattern: &'static str,
    /// Pathspecs of git.
    pub(super) paths: &'static [&'static str],
    /// Files and lines that break it, for the test.
    #[cfg_attr(not(test), expect(dead_code, reason = "the test reads it"))]
    pub(super) planted: &'static [(&'static str, &'static str)],
    /// Files and lines that come close and do not.
    #[cfg_attr(not(test), expect(dead_code, reason = "the test reads it"))]
    pub(super) fine: &'static [(&'static str, &'static str)],
}

pub(super) const RULES: &[Rule] = &[
    // Leftovers
    Rule {
        why: "unfinished",
        pattern: r"\b(todo|unimplemented|dbg)!|\bFIXME\b",
        paths: &["*.rs", "*.go", "*.js", "*.mjs", "*.ts", "*.tsx", "*.wit", "scripts"],
        planted: &[
            ("src/a.rs", "    todo!()"),
            ("tests/a.rs", "dbg!(x);"),
            ("a/b.go", "// FIXME later"),
            ("scripts/x", "# FIXME"),
        ],
        fine: &[("src/a.rs", "let todo = 1;"), ("README.md", "FIXME")],
    },
    Rule {
        why: "a test that does not run",
        pattern: r"#\[ignore|\bt\.Skip\(\)",
        paths: &["*.rs", "*.go"],
        planted: &[("src/a.rs", "    #[ignore = \"slow\"]"), ("tests/a_test.go", "\tt.Skip()")],
        fine: &[("tests/a_test.go", "\tt.Skip(\"no server is named\")")],
    },
    Rule {
        why: "a test that does not run",
        pattern: r"\.(only|skip)\(",
        paths: &["*.js", "*.mjs", "*.ts", "*.tsx"],
        planted: &[("tests/a.test.mjs", "test.only('x', () => {});"), ("webapp/a.ts", "it.skip('x')")],
        fine: &[("src/a.rs", "bytes.iter().skip(1)")],
    },
    Rule {
        why: "a conflict of a merge",
        pattern: "^(<<<<<<<|>>>>>>>) ",
        paths: &["."],
        planted: &[("README.md", "<<<<<<< ours"), ("src/a.rs", ">>>>>>> theirs")],
        fine: &[("README.md", "<<<<<<<"), ("docs/a.md", "a <<<<<<< b")],
    },
    Rule {
        why: "blanks at the end of a line",
        pattern: "[ \t]+$",
        paths: &[
            "*.rs", "*.go", "*.js", "*.mjs", "*.ts", "*.tsx", "*.css", "*.wit", "*.toml", "scripts",
            "justfile", "just",
        ],
        planted: &[("src/a.rs", "let x = 1; "), ("justfile", "test:\t"), ("scripts/x", "echo  ")],
        fine: &[("README.md", "two blanks  ")],
    },
    // Machines
    Rule {
        why: "a path of one machine",
        pattern: "(^|[^A-Za-z0-9_.$}-])/(work|root|home)/",
        paths: &["."],
        planted: &[("README.md", "see /home/me/x"), ("src/a.rs", "\"/root/x\""), ("docs/a", "/work/x")],
        fine: &[("a.md", "docs/work/x"), ("b.sh", "$HOME/home/x ${x}/root/y")],
    },
    Rule {
        why: "the host of a registry: clients know theirs, and mirrors are a machine's own matter",
        pattern: r"(pypi|pythonhosted|npmjs|yarnpkg|golang|debian|rust-lang)\.(org|com)/?(simple|packages|dist)?|[a-z]\.crates\.io|artifactory|nexus",
        paths: &[
            "*.lock",
            "*lock.json",
            "*.npmrc",
            "*requirements*",
            "scripts",
            "xtask",
            ".cargo",
            ".ci",
            "justfile",
            "just",
            "*.toml",
            ":!Cargo.lock",
        ],
        planted: &[
            ("webapp/package-lock.json", "\"https://registry.npmjs.org/react\""),
            ("tests/requirements.txt", "--index-url https://pypi.org/simple"),
            ("deny.toml", "url = \"https://index.crates.io\""),
            (".cargo/config.toml", "registry = \"https://nexus.example\""),
        ],
        fine: &[
            ("README.md", "https://www.rust-lang.org"),
            ("Cargo.lock", "registry+https://index.crates.io"),
        ],
    },
    // Layers
    Rule {
        why: "only component.rs knows the contract's bindings",
        pattern: r"wit_bindgen|\bbindings::",
        paths: &["src", ":!src/component*"],
        planted: &[
            ("src/features/start.rs", "use crate::component::bindings::exports;"),
            ("src/a.rs", "wit_bindgen::generate!()"),
        ],
        fine: &[
            ("src/component.rs", "wit_bindgen::generate!()"),
            ("src/component/convert.rs", "bindings::x"),
        ],
    },
    Rule {
        why: "src/json.rs reads JSON: every other way brings a parser of its own into the component",
        pattern: "serde_json::from_",
        paths: &["src", ":!src/json.rs"],
        planted: &[("src/zoom/read.rs", "serde_json::from_slice(body)")],
        fine: &[("src/json.rs", "serde_json::from_slice(body)"), ("tests/a.rs", "serde_json::from_str(x)")],
    },
    Rule {
        why: "time comes in with each hook",
        pattern: r"SystemTime|\bInstant\b",
        paths: &["src", ":!src/component*"],
        planted: &[
            ("src/features/start.rs", "let now = std::time::SystemTime::now();"),
            ("src/a.rs", "use std::time::Instant;"),
        ],
        fine: &[("src/component.rs", "SystemTime"), ("src/a.rs", "InstantMeeting")],
    },
    Rule {
        why: "only goplugin and model know gob",
        pattern: r"\bgob(wire)?\b *(::|;)",
        paths: &["host-shim", ":!host-shim/mattermost/src/goplugin*", ":!host-shim/mattermost/src/model*"],
        planted: &[
            ("host-shim/mattermost/src/server/a.rs", "use gobwire::Gob;"),
            ("host-shim/engine/src/a.rs", "mod gob;"),
        ],
        fine: &[
            ("host-shim/mattermost/src/goplugin/rpc.rs", "use gobwire::Gob;"),
            ("host-shim/mattermost/src/model.rs", "use gobwire::Gob;"),
        ],
    },
    Rule {
        why: "the contract is neutral, but for examples in its comments",
        pattern: "^[^/]*([Mm]attermost|[Zz]oom)",
        paths: &["wit"],
        planted: &[("wit/posts.wit", "    zoom-card: func();"), ("wit/a.wit", "record mattermost {")],
        fine: &[("wit/posts.wit", "/// such as `/zoom start`")],
    },
];
