//! A person's browser on the way to Zoom and back. It does what its person would: goes on where a page names their own account.

use crate::cast;
use crate::hook::{Answer, Caller};
use crate::rng::mix;
use crate::run::{Next, Sim};
use url::{Url, form_urlencoded};
use zoom_chat::hooks;
use zoom_chat::model::{HttpResponse, Method, Request, header};

/// More steps than any way to Zoom has.
const MOST_STEPS: u32 = 8;

/// A browser.
pub(crate) struct Visit {
    /// Whose it is, at the chat server and at Zoom.
    person: usize,
    signed_in: bool,
    /// To whom the address is sent, and after how many redirects, instead of being opened.
    victim: Option<(usize, u32)>,
    origin: u32,
    /// Whose chat account the link is about.
    owner: usize,
    method: Method,
    path: String,
    query: String,
    body: Vec<u8>,
    steps: u32,
    key: u64,
}

impl Sim<'_> {
    /// Opens the link that `owner` was given last.
    pub(crate) fn open_link(
        &mut self,
        person: usize,
        owner: usize,
        signed_in: bool,
        victim: Option<(usize, u32)>,
        key: u64,
    ) {
        let Some((link, origin)) = self.world.links.get(&owner).cloned() else { return };
        let others = victim.iter().map(|(victim, _)| *victim);
        for user in [person, owner].into_iter().chain(others) {
            self.world.model.lasts(format!("what {user} lets the plugin do"));
            self.world.model.lasts(format!("whose account {user} has connected"));
        }
        self.visits.push(Visit {
            person,
            signed_in,
            victim,
            origin,
            owner,
            method: Method::Get,
            path: "/oauth2/connect".to_owned(),
            query: format!("link={link}"),
            body: Vec::new(),
            steps: 0,
            key,
        });
        self.visit(self.visits.len() - 1);
    }

    pub(crate) fn visit(&mut self, index: usize) {
        let visit = &mut self.visits[index];
        visit.steps += 1;
        if visit.steps > MOST_STEPS {
            return;
        }
        if let Some((victim, 0)) = visit.victim {
            // Without a session, as in the browser that an app on a phone opens.
            (visit.person, visit.signed_in, visit.victim) = (victim, false, None);
        }
        let key = mix(visit.key, u64::from(visit.steps));
        let (owner, origin) = (visit.owner, visit.origin);
        let mut headers = vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
        let jar = &self.jars[visit.person];
        if !jar.is_empty() {
            let pairs: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.push(("cookie".to_owned(), pairs.join("; ")));
        }
        let request = Request {
            method: visit.method,
            path: visit.path.clone(),
            query: visit.query.clone(),
            headers,
            body: visit.body.clone(),
            user_id: visit.signed_in.then(|| cast::user_id(visit.person)),
        };
        let Some(node) = self.node(key) else { return };
        let info = self.info("page", node, Some(owner), origin);
        self.spawn(info, Caller::Visit(index), key, |io| async move {
            Answer::Http(hooks::http::serve(io, request).await)
        });
    }

    /// The browser has its answer.
    pub(crate) fn visited(&mut self, index: usize, response: &HttpResponse) {
        let next_ms = self.world.now_ms + 300 + self.visits[index].key % 3_000;
        let visit = &mut self.visits[index];
        for (_, cookie) in response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        {
            if let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.jars[visit.person].insert(name.to_owned(), value.to_owned());
            }
        }
        if (300..400).contains(&response.status) {
            let Some(url) = header(&response.headers, "location").and_then(|to| Url::parse(to).ok()) else {
                return;
            };
            if url.path() != "/oauth/authorize" {
                return;
            }
            // The address of Zoom's page is sent to somebody else, who allows the app there.
            if let Some((victim, 1)) = visit.victim {
                (visit.person, visit.signed_in, visit.victim) = (victim, false, None);
            }
            let parameter = |name: &str| {
                url.query_pairs().find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
            };
            let code = self.world.zoom.sign_ins.allow(visit.person);
            let state = parameter("state").unwrap_or_default();
            if let Some((victim, _)) = visit.victim.take() {
                (visit.person, visit.signed_in) = (victim, true);
            }
            visit.query = form_urlencoded::Serializer::new(String::new())
                .append_pair("code", &code)
                .append_pair("state", &state)
                .finish();
            (visit.method, visit.path, visit.body) = (Method::Get, "/oauth2/complete".to_owned(), Vec::new());
            self.at(next_ms, Next::Visit(index));
            return;
        }
        let page = String::from_utf8_lossy(&response.body);
        let Some((_, form)) = page.split_once("<form") else { return };
        let form = form.split("</form>").next().unwrap_or_default();
        // Nobody goes on where a page is about somebody else.
        if response.status != 200 || !page.contains(cast::username(visit.person)) {
            return;
        }
        visit.method = Method::Post;
        if let Some(action) = attribute(form, "action") {
            let action = action.replace("&amp;", "&");
            let (path, query) = action.split_once('?').unwrap_or((&action, ""));
            let path = path.rsplit_once("/plugins/zoom").map_or(path, |(_, path)| path);
            if !path.is_empty() {
                path.clone_into(&mut visit.path);
            }
            query.clone_into(&mut visit.query);
        }
        let mut fields = form_urlencoded::Serializer::new(String::new());
        for input in form.split("<input").skip(1) {
            let input = input.split('>').next().unwrap_or_default();
            if let Some(name) = attribute(input, "name") {
                fields.append_pair(&name, &attribute(input, "value").unwrap_or_default());
            }
        }
        visit.body = fields.finish().into_bytes();
        self.at(next_ms, Next::Visit(index));
    }
}

/// An attribute of an element.
fn attribute(element: &str, name: &str) -> Option<String> {
    let (_, rest) = element.split_once(&format!("{name}=\""))?;
    rest.split('"').next().map(str::to_owned)
}
