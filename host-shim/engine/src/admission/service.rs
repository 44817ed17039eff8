//! Requests of a service that is known, told from those of strangers before their body is there.

use serde::Deserialize;
use serde_json::Value;
use subtle::ConstantTimeEq as _;
use url::form_urlencoded;

use super::Party;

/// As a plugin's manifest declares it: requests to these paths carry a setting's value in a parameter of their URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ServiceRequests {
    /// Relative to the plugin's URL.
    pub paths: Vec<String>,
    /// The parameter's name.
    pub parameter: String,
    /// The setting's name. While it is empty no request is known.
    pub setting: String,
}

/// Knows a service's requests. It only decides which room a request waits in: whether it is genuine, the plugin finds out.
#[derive(Clone, Default)]
pub struct KnownService {
    requests: ServiceRequests,
    secret: String,
}

impl KnownService {
    /// By what the manifest declares and the settings, a JSON object.
    pub fn new(requests: ServiceRequests, settings: &str) -> Self {
        let settings: Value = serde_json::from_str(settings).unwrap_or_default();
        let secret = settings[&requests.setting].as_str().unwrap_or_default().trim().to_owned();
        Self { requests, secret }
    }

    /// Whose request this is, by its path relative to the plugin's URL, its query, and the user whose session it carries.
    pub fn party(&self, path: &str, query: &str, user_id: Option<&str>) -> Party {
        if user_id.is_none() && self.knows(path, query) { Party::Service } else { Party::of(user_id) }
    }

    fn knows(&self, path: &str, query: &str) -> bool {
        let given = || {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(name, _)| *name == self.requests.parameter).map(|(_, value)| value)
        };
        !self.secret.is_empty()
            && self.requests.paths.iter().any(|known| known == path)
            && given().is_some_and(|value| value.as_bytes().ct_eq(self.secret.as_bytes()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(settings: &str) -> KnownService {
        let requests = ServiceRequests {
            paths: vec!["/webhook".to_owned()],
            parameter: "secret".to_owned(),
            setting: "WebhookSecret".to_owned(),
        };
        KnownService::new(requests, settings)
    }

    #[test]
    fn a_service_is_known_by_path_and_secret_together() {
        let known = known(r#"{"WebhookSecret": " a+b/c= "}"#);
        let cases = [
            ("/webhook", "secret=a%2Bb%2Fc%3D", None, Party::Service),
            ("/webhook", "x=1&secret=a%2Bb%2Fc%3D", None, Party::Service),
            ("/webhook", "secret=wrong&secret=a%2Bb%2Fc%3D", None, Party::Stranger),
            ("/webhook", "secret=a%2Bb%2Fc%3Dd", None, Party::Stranger),
            ("/webhook", "secret=", None, Party::Stranger),
            ("/webhook", "", None, Party::Stranger),
            ("/webhook/", "secret=a%2Bb%2Fc%3D", None, Party::Stranger),
            ("/other", "secret=a%2Bb%2Fc%3D", None, Party::Stranger),
            ("/webhook", "secret=a%2Bb%2Fc%3D", Some("ann"), Party::User("ann".to_owned())),
        ];
        for (path, query, user_id, party) in cases {
            assert_eq!(known.party(path, query, user_id), party, "{path}?{query}");
        }
    }

    #[test]
    fn without_a_secret_nobody_is_known() {
        for settings in ["", "null", "{}", r#"{"WebhookSecret": ""}"#, r#"{"WebhookSecret": 7}"#] {
            let known = known(settings);
            for query in ["", "secret=", "secret=7", "secret=null"] {
                assert_eq!(known.party("/webhook", query, None), Party::Stranger, "{settings} {query}");
            }
        }
    }
}
