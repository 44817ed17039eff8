//! `GET /oauth/authorize`: where a person allows an app, or does not.
//!
//! Nobody has a password here. Who is signed in comes from the options or, for a test without a browser,
//! from `&as=alice@example.com` (allows) and `&refuse=1`; otherwise the page has a button for each user.

use axum::{
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use url::{Url, form_urlencoded};

use super::{challenge::Challenge, grants::Code, options::Consent, parameters::Parameters};
use crate::{
    App, AppKind, User, UserStatus, ZoomSim,
    page::{document, escaped},
    sim::State as World,
};

/// What the app asks for. Zoom knows the scopes from the app and is not told here.
struct Request {
    app: App,
    redirect_uri: Url,
    /// As it was sent: the token request has to repeat it letter by letter.
    redirect_text: String,
    state: Option<String>,
    challenge: Option<Challenge>,
}

enum Decision {
    /// By the user with this id.
    Allowed(String),
    Refused,
    /// These may press a button.
    Open(Vec<User>),
}

pub(crate) async fn page(State(sim): State<ZoomSim>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let parameters = Parameters::read(Some(&query), &Default::default(), &[]);
    let now_ms = sim.now_ms();
    let world = &mut *sim.state();
    let decided = Request::read(world, &parameters)
        .and_then(|request| Ok((decide(world, &parameters, &request.app)?, request)));
    match decided {
        Err(why) => wrong(&why),
        Ok((Decision::Open(users), request)) => ask(&request, &users, &query),
        Ok((Decision::Refused, request)) => request.back("error", "access_denied"),
        Ok((Decision::Allowed(user_id), request)) => {
            let (grants, mut issuer) = world.issuer(now_ms);
            let code = grants.issue_code(&mut issuer, request.code_for(user_id));
            request.back("code", &code)
        }
    }
}

impl Request {
    fn read(world: &World, parameters: &Parameters) -> Result<Self, String> {
        let client_id = parameters.get("client_id").unwrap_or_default();
        let app = world.apps.find(client_id);
        let app = app.filter(|app| matches!(app.kind, AppKind::User | AppKind::Account));
        let app = app.ok_or_else(|| format!("Invalid client_id: {client_id} (4,702)"))?.clone();
        if !app.active {
            return Err("This app has been disabled. (4,717)".into());
        }
        let redirect_text = parameters.get("redirect_uri").unwrap_or_default();
        let registered = app.redirect_uris.iter().any(|uri| uri == redirect_text);
        let redirect_uri = Url::parse(redirect_text).ok().filter(|_| registered);
        let redirect_uri =
            redirect_uri.ok_or_else(|| format!("Invalid redirect: {redirect_text} (4,700)"))?;
        if parameters.get("response_type") != Some("code") {
            return Err("Invalid response_type: it has to be “code”.".into());
        }
        let method = parameters.get("code_challenge_method");
        let challenge = parameters.get("code_challenge");
        let challenge =
            challenge.map(|challenge| Challenge::new(challenge.to_owned(), method)).transpose().map_err(
                |method| format!("Invalid code_challenge_method “{method}”: it is S256 or plain."),
            )?;
        Ok(Self {
            redirect_uri,
            redirect_text: redirect_text.to_owned(),
            state: parameters.get("state").map(str::to_owned),
            challenge,
            app,
        })
    }

    fn code_for(&self, user_id: String) -> Code {
        Code {
            client_id: self.app.client_id.clone(),
            user_id,
            redirect_uri: self.redirect_text.clone(),
            challenge: self.challenge.clone(),
            scopes: self.app.granted_scopes(),
        }
    }

    /// Sends the browser back to the app.
    fn back(&self, name: &str, value: &str) -> Response {
        let mut url = self.redirect_uri.clone();
        url.query_pairs_mut().append_pair(name, value);
        if let Some(state) = &self.state {
            url.query_pairs_mut().append_pair("state", state);
        }
        (StatusCode::FOUND, [(header::LOCATION, url.as_str())]).into_response()
    }
}

fn decide(world: &World, parameters: &Parameters, app: &App) -> Result<Decision, String> {
    let options = &world.oauth.options;
    if parameters.get("refuse").is_some() {
        return Ok(Decision::Refused);
    }
    if let Some(key) = parameters.get("as") {
        return person(world, app, key).map(|user| Decision::Allowed(user.id));
    }
    match (&options.signed_in, options.consent) {
        (_, Consent::Refuse) => Ok(Decision::Refused),
        (Some(key), Consent::Allow) => person(world, app, key).map(|user| Decision::Allowed(user.id)),
        (Some(key), Consent::Ask) => person(world, app, key).map(|user| Decision::Open(vec![user])),
        (None, _) => {
            let may = |user: &&User| person(world, app, &user.id).is_ok();
            Ok(Decision::Open(world.users.all().iter().filter(may).cloned().collect()))
        }
    }
}

/// Someone of the account who may allow the app.
fn person(world: &World, app: &App, key: &str) -> Result<User, String> {
    let user = world.users.find(key).filter(|user| user.status == UserStatus::Active);
    let user =
        user.ok_or_else(|| format!("“{key}” cannot sign in: no active user has this id or address."))?;
    if app.kind == AppKind::Account && user.role_name == "Member" {
        let email = &user.email;
        return Err(format!("“{email}” cannot allow this app: it is for administrators of the account."));
    }
    Ok(user.clone())
}

fn ask(request: &Request, users: &[User], query: &str) -> Response {
    let link = |choice: [&str; 2], text: &str| {
        let choice =
            form_urlencoded::Serializer::new(String::new()).append_pair(choice[0], choice[1]).finish();
        let query = escaped(&format!("?{query}&{choice}"));
        format!("<p><a href=\"{query}\">{}</a></p>\n", escaped(text))
    };
    let buttons: String = users
        .iter()
        .map(|user| link(["as", &user.email], &format!("Allow as {}", user.email)))
        .chain([link(["refuse", "1"], "Refuse")])
        .collect();
    let scopes = request.app.granted_scopes().join(", ");
    let body = format!("<p>It asks for: {}.</p>\n{buttons}", escaped(&scopes));
    document(&format!("{} asks for access to your Zoom account", request.app.name), &body).into_response()
}

fn wrong(why: &str) -> Response {
    let page = document("The app cannot be allowed", &format!("<p>{}</p>\n", escaped(why)));
    (StatusCode::BAD_REQUEST, page).into_response()
}
