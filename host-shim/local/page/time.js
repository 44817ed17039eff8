// Times and lengths in words, in the reader's own time zone.

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

/** `10:42` as a `<time>`. */
export function timeOfDay(ms) {
  const element = document.createElement("time");
  element.dateTime = new Date(ms).toISOString();
  element.title = full.format(ms);
  element.textContent = clock.format(ms);
  return element;
}

/** `10:42`, with the day when it is not `besideMs`'s. */
export function when(ms, besideMs = Date.now()) {
  const sameDay = new Date(ms).toDateString() === new Date(besideMs).toDateString();
  return sameDay ? clock.format(ms) : `${day.format(ms)}, ${clock.format(ms)}`;
}

/** `Today`, `Yesterday`, or the day's name and date. */
export function dayName(ms) {
  const days = Math.round((startOfDay(Date.now()) - startOfDay(ms)) / 86_400_000);
  return days === 0 ? "Today" : days === 1 ? "Yesterday" : day.format(ms);
}

/** Begin of the day, in milliseconds since the Unix epoch. */
export function startOfDay(ms) {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** `47 minutes`, `1 hour 5 minutes`, `less than a minute`. */
export function length(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "less than a minute";
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours && count(hours, "hour"), rest && count(rest, "minute")].filter(Boolean).join(" ");
}

/** `1 reply`, `2 replies`. */
export function count(number, word, plural = `${word}s`) {
  return `${number} ${number === 1 ? word : plural}`;
}
