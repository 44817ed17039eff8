//! Recording a meeting, and the webhooks that tell of it.

use super::{Downloads, NewFile, NewRecording, Recording, RecordingFile, RecordingStep, kind, kind::Kind};
use crate::{
    Change, Instance, SimError, ZoomSim,
    clock::UnixMs,
    meetings::Participant,
    sim::State,
    webhook::recording_event::{Step, Told},
};

/// Recordings and their downloads.
impl ZoomSim {
    /// An instance of a meeting was recorded: sends `recording.completed`. Called again for the same instance it
    /// adds files, as where a recording was stopped and begun anew.
    pub fn record_meeting(&self, id: u64, new: &NewRecording) -> Result<Recording, SimError> {
        self.meeting_changes(id, |state, now_ms| state.record(id, new, now_ms))
    }

    /// The host begins, stops or rests the recording of the running meeting: sends the event of that name.
    pub fn step_recording(&self, id: u64, step: RecordingStep) -> Result<(), SimError> {
        self.meeting_changes(id, |state, now_ms| state.step_recording(id, step, now_ms))
    }

    /// The transcript of a recording is there: sends `recording.transcript_completed`. What it says is made up
    /// if absent.
    pub fn transcribe(&self, number: u64, content: Option<String>) -> Result<Recording, SimError> {
        let now_ms = self.now_ms();
        let recording = self.state().transcribe(number, content, now_ms)?;
        self.changed(Change::Meeting { id: recording.meeting_id });
        Ok(recording)
    }

    /// Every recording, oldest first.
    pub fn recordings(&self) -> Vec<Recording> {
        self.state().recordings.all().to_vec()
    }

    /// A recording by its number in the simulation.
    pub fn recording(&self, number: u64) -> Option<Recording> {
        self.state().recordings.get(number).cloned()
    }

    /// How downloads behave.
    pub fn downloads(&self) -> Downloads {
        self.state().recordings.downloads.clone()
    }

    /// Sets how downloads behave from now on. Faults with a path of `/rec/` or `/cmr/` come before that.
    pub fn set_downloads(&self, downloads: Downloads) {
        self.state().recordings.downloads = downloads;
    }

    pub(crate) fn web_url(&self) -> String {
        self.state().config.web_url.clone()
    }
}

impl State {
    /// An instance was recorded. A second call for it adds files, as where the recording was stopped and
    /// begun anew; its event has only those.
    pub(crate) fn record(
        &mut self,
        id: u64,
        new: &NewRecording,
        now_ms: UnixMs,
    ) -> Result<Recording, SimError> {
        let instance = self.recorded_instance(id, new.uuid.as_deref())?;
        let files = new_files(new.files.as_deref())?;
        let number = self.recording_of(id, &instance, new.passcode.as_deref(), now_ms)?;
        let ready_ms = now_ms.saturating_add_unsigned(new.ready_after_ms);
        let people = &instance.participants;
        let added: Vec<String> =
            files.iter().map(|(kind, file)| self.add_file(number, (*kind, file), people, ready_ms)).collect();
        if !new.silent {
            for _ in 0..if new.twins { 2 } else { 1 } {
                self.tell_of_recording("recording.completed", number, &added, new, now_ms);
            }
        }
        if let Some(after_ms) = new.transcript_after_ms {
            self.transcribe(number, None, now_ms.saturating_add_unsigned(after_ms))?;
        }
        self.recordings.get(number).cloned().ok_or(SimError::NoSuchRecording(number))
    }

    pub(crate) fn step_recording(
        &mut self,
        id: u64,
        step: RecordingStep,
        now_ms: UnixMs,
    ) -> Result<(), SimError> {
        let room = self.meetings.room(id).ok_or(SimError::NoSuchMeeting(id))?;
        let instance = room.running.as_ref().ok_or(SimError::NotStarted(id))?;
        let begun_ms = match step {
            RecordingStep::Started => now_ms,
            RecordingStep::Paused | RecordingStep::Resumed | RecordingStep::Stopped => {
                self.recordings.begun_ms.get(&instance.uuid).copied().unwrap_or(instance.started_ms)
            }
        };
        let step =
            Step { room, instance, begun_ms, step, account_id: &self.config.account_id, at_ms: now_ms };
        let body = step.body();
        self.webhook.enqueue(step.step.event(), &body, now_ms);
        self.recordings.begun_ms.insert(instance.uuid.clone(), begun_ms);
        Ok(())
    }

    /// The transcript of a recording is there, at `at_ms`.
    pub(crate) fn transcribe(
        &mut self,
        number: u64,
        content: Option<String>,
        at_ms: UnixMs,
    ) -> Result<Recording, SimError> {
        let recording = self.recordings.get(number).ok_or(SimError::NoSuchRecording(number))?;
        let instance = self.recorded_instance(recording.started_as, Some(&recording.uuid.clone()))?;
        let file = NewFile { content, ..NewFile::new(kind::TRANSCRIPT) };
        let kind = Kind::find(kind::TRANSCRIPT);
        let kind = kind.ok_or_else(|| SimError::RecordingType(file.recording_type.clone()))?;
        let added = self.add_file(number, (kind, &file), &instance.participants, at_ms);
        let how = NewRecording::default();
        self.tell_of_recording("recording.transcript_completed", number, &[added], &how, at_ms);
        self.recordings.get(number).cloned().ok_or(SimError::NoSuchRecording(number))
    }

    fn recorded_instance(&self, id: u64, uuid: Option<&str>) -> Result<Instance, SimError> {
        let room = self.meetings.room(id).ok_or(SimError::NoSuchMeeting(id))?;
        let mut instances = room.running.iter().chain(room.past.iter().rev());
        let found = match uuid {
            Some(uuid) => instances.find(|instance| instance.uuid == uuid),
            None => instances.find(|instance| room.id == id || instance.started_as == id),
        };
        found.cloned().ok_or(SimError::NotHeld(id))
    }

    /// The number of the instance's recording, which is made if there is none.
    fn recording_of(
        &mut self,
        id: u64,
        instance: &Instance,
        passcode: Option<&str>,
        now_ms: UnixMs,
    ) -> Result<u64, SimError> {
        if let Some(recording) = self.recordings.by_uuid(&instance.uuid) {
            return Ok(recording.number);
        }
        let password = passcode.map_or_else(|| self.ids.token(8), str::to_owned);
        let play_passcode = if password.is_empty() { String::new() } else { self.ids.token(32) };
        let share_url = format!("{}/rec/share/{}", self.config.web_url, self.ids.token(40));
        let room = self.meetings.room(id).ok_or(SimError::NoSuchMeeting(id))?;
        let recording = Recording {
            password,
            play_passcode,
            share_url,
            ..Recording::new(self.recordings.next_number(), room, instance, now_ms)
        };
        let number = recording.number;
        self.recordings.push(recording);
        Ok(number)
    }

    /// Adds a file and gives its id.
    fn add_file(
        &mut self,
        number: u64,
        (kind, new): (Kind, &NewFile),
        people: &[Participant],
        ready_ms: UnixMs,
    ) -> String {
        let id = self.ids.guid().to_lowercase();
        let play = format!("{}/rec/play/{}", self.config.web_url, self.ids.token(40));
        let recording = self.recordings.get(number);
        let begun_ms = recording.and_then(|recording| self.recordings.begun_ms.get(&recording.uuid)).copied();
        let Some(recording) = self.recordings.get_mut(number) else { return id };
        let content = match &new.content {
            Some(content) => content.clone().into_bytes(),
            None => kind.content(recording, people, new.size),
        };
        recording.files.push(RecordingFile {
            id: id.clone(),
            recording_type: kind.recording_type,
            file_type: kind.file_type,
            file_extension: kind.file_extension,
            starts_ms: new.starts_ms.or(begun_ms).unwrap_or(recording.started_ms),
            ends_ms: new.ends_ms.unwrap_or(recording.ended_ms),
            size: new.announced_size.unwrap_or(content.len() as u64),
            play_url: kind.plays().then_some(play),
            ready_ms,
            content,
        });
        id
    }

    /// Queues one event about some files of a recording, with links and a token of its own.
    fn tell_of_recording(
        &mut self,
        event: &'static str,
        number: u64,
        files: &[String],
        how: &NewRecording,
        at_ms: UnixMs,
    ) {
        let download_token = self.recordings.token(number, None, &mut self.ids, at_ms);
        let links: Vec<String> =
            files.iter().map(|file| self.recordings.link(number, file, &mut self.ids)).collect();
        let Some(recording) = self.recordings.get(number) else { return };
        let told = recording.files.iter().filter(|file| files.contains(&file.id)).zip(links);
        let base = how.links_at.as_deref().unwrap_or(&self.config.web_url);
        let files: Vec<(&RecordingFile, String)> =
            told.map(|(file, link)| (file, format!("{base}/rec/webhook_download/{link}"))).collect();
        let told = Told {
            recording,
            files: &files,
            how,
            links_at: (&self.config.web_url, base),
            account_id: &self.config.account_id,
            at_ms,
        };
        let body = told.body(event, (!how.without_token).then_some(download_token));
        self.webhook.enqueue(event, &body, at_ms);
    }
}

/// The files with their kinds; the error names a kind that Zoom does not have.
fn new_files(files: Option<&[NewFile]>) -> Result<Vec<(Kind, NewFile)>, SimError> {
    let usual: Vec<NewFile> = kind::USUAL.map(NewFile::new).to_vec();
    let with_kind = |file: &NewFile| {
        let kind = Kind::find(&file.recording_type);
        Ok((kind.ok_or_else(|| SimError::RecordingType(file.recording_type.clone()))?, file.clone()))
    };
    files.unwrap_or(&usual).iter().map(with_kind).collect()
}
