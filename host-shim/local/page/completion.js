// Completion of the plugin's command: what fits what was typed so far.

/** Suggestions for this text: { text, label, hint, help } each; choosing one makes `text` the message. */
export function suggestions(command, typed) {
  const word = `${command.prefix}${command.trigger}`;
  if (!typed.startsWith(command.prefix) || typed.includes("\n")) return [];
  if (!/\s/.test(typed)) {
    return word.startsWith(typed.toLowerCase())
      ? [{ text: `${word} `, label: word, hint: command.hint, help: command.description }]
      : [];
  }
  const rest = after(word, typed);
  if (rest === null) return [];
  const fitting = command.subcommands.filter((subcommand) => {
    const path = subcommand.path;
    return path.startsWith(rest.toLowerCase()) && path !== rest.toLowerCase();
  });
  return fitting.map((subcommand) => ({
    text: `${word} ${subcommand.path}${subcommand.arguments.length ? " " : ""}`,
    label: `${word} ${subcommand.path}`,
    hint: subcommand.arguments.map(shape).join(" "),
    help: subcommand.help,
  }));
}

/** What the arguments of the subcommand in this text mean, as one line, or nothing. */
export function argumentHelp(command, typed) {
  const rest = after(`${command.prefix}${command.trigger}`, typed);
  if (rest === null) return "";
  const found = command.subcommands.find(({ path }) => rest === path || rest.startsWith(`${path} `));
  return found ? found.arguments.map((argument) => `${shape(argument)} ${argument.help}`).join(" · ") : "";
}

function after(word, typed) {
  return typed.toLowerCase().startsWith(`${word} `) ? typed.slice(word.length).trimStart() : null;
}

function shape(argument) {
  const hint = argument.hint || argument.name;
  return /^[[<]/.test(hint) ? hint : argument.required ? `<${hint}>` : `[${hint}]`;
}
