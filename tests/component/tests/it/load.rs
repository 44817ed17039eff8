//! Components that do not fit are refused with the reason.

use chat_plugin_engine::{ComponentSource, Engine, Limits, LoadError};
use component_tests::{CannedZoom, MemoryServer, greedy_wasm, probe_wasm};

fn load(source: ComponentSource<'_>) -> Result<(), LoadError> {
    Engine::load(MemoryServer::new(), CannedZoom::default(), source, Limits::default()).map(|_| ())
}

/// The probe with each `from` in its bytes made `to`, which has the same length.
fn changed(from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = probe_wasm().unwrap();
    let starts: Vec<usize> =
        (0..bytes.len()).filter(|&start| bytes[start..].starts_with(from.as_bytes())).collect();
    assert!(!starts.is_empty(), "nothing to change");
    for start in starts {
        bytes[start..start + to.len()].copy_from_slice(to.as_bytes());
    }
    bytes
}

#[test]
fn another_version_of_the_contract() {
    let component = changed("@0.1.0", "@0.1.7");
    let error = load(ComponentSource::Wasm(&component)).unwrap_err();
    assert_eq!(error, LoadError::Version { component: "0.1.7".to_owned(), host: "0.1.0" });
    let text = error.to_string();
    assert!(text.contains("0.1.7") && text.contains("0.1.0"), "{text}");
}

#[test]
fn imports_of_strangers() {
    let component = changed("chat-plugin:api/key-value@0.1.0", "chat-strange:ab/key-value@0.1.0");
    let expected = LoadError::ForbiddenImports(vec!["chat-strange:ab/key-value@0.1.0".to_owned()]);
    assert_eq!(load(ComponentSource::Wasm(&component)), Err(expected));
}

#[test]
fn imports_that_the_contract_lacks() {
    let component = changed("chat-plugin:api/key-value@0.1.0", "chat-plugin:api/kex-value@0.1.0");
    let error = load(ComponentSource::Wasm(&component)).unwrap_err();
    let LoadError::Mismatch(text) = error else { panic!("{error:?}") };
    assert!(text.contains("chat-plugin:api/kex-value"), "{text}");
}

#[test]
fn files_and_sockets() {
    let component = greedy_wasm().unwrap();
    let error = load(ComponentSource::Wasm(&component)).unwrap_err();
    let LoadError::ForbiddenImports(names) = &error else { panic!("{error:?}") };
    for wanted in ["wasi:filesystem/types@", "wasi:sockets/tcp@"] {
        assert!(names.iter().any(|name| name.starts_with(wanted)), "{names:?}");
        assert!(error.to_string().contains(wanted), "{error}");
    }
    let foreign =
        |name: &&String| !name.starts_with("wasi:filesystem/") && !name.starts_with("wasi:sockets/");
    assert_eq!(names.iter().find(foreign), None);
}

#[test]
fn a_component_without_hooks() {
    // The smallest component: nothing but its header.
    let error = load(ComponentSource::Wasm(b"\0asm\x0d\0\x01\0")).unwrap_err();
    assert!(error.to_string().contains("exports no chat-plugin:api/hooks"), "{error}");
}

#[test]
fn files_that_are_no_components() {
    for bytes in [&b""[..], b"plain text", b"\0asm\x01\0\0\0"] {
        let error = load(ComponentSource::Wasm(bytes)).unwrap_err();
        assert!(matches!(error, LoadError::Unreadable(_)), "{error:?}");
    }
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for (path, reason) in [(manifest, "`precompile`"), ("/nowhere/zoom.cwasm", "No such file")] {
        let error = load(ComponentSource::Precompiled(path.as_ref())).unwrap_err().to_string();
        assert!(error.contains(path) && error.contains(reason), "{error}");
    }
}
