// What may follow while a command is typed.

/** For a text that begins with the command's prefix: { options, hint }. An option has `text` (what the box then holds), `label`, `hint` and `help`. */
export function complete(text, command) {
  const none = { options: [], hint: null };
  if (!text.startsWith(command.prefix) || text.includes("\n")) return none;
  const typed = text.slice(command.prefix.length);
  const trigger = command.trigger;
  if (!/\s/.test(typed)) {
    if (!trigger.startsWith(typed.toLowerCase())) return none;
    const options = [{ text: `${command.prefix}${trigger} `, label: `${command.prefix}${trigger}`, hint: command.hint, help: command.description }];
    return { options, hint: null };
  }
  if (typed.split(/\s/, 1)[0].toLowerCase() !== trigger) return none;
  return subcommands(typed.slice(trigger.length).trimStart(), command);
}

function subcommands(rest, command) {
  const start = `${command.prefix}${command.trigger} `;
  const options = command.subcommands
    .filter((subcommand) => subcommand.path.startsWith(rest.toLowerCase()) )
    .map((subcommand) => ({
      text: start + subcommand.path + (subcommand.arguments.length ? " " : ""),
      label: subcommand.path,
      hint: subcommand.arguments.map((argument) => argument.hint).join(" "),
      help: subcommand.help,
    }));
  if (options.length) return { options, hint: null };
  const chosen = command.subcommands.find((subcommand) => rest.toLowerCase().startsWith(`${subcommand.path} `));
  return { options: [], hint: chosen ? argumentHint(chosen, rest.slice(chosen.path.length + 1)) : null };
}

/** The argument that is being typed; the last one takes the rest of the line. */
function argumentHint(subcommand, typed) {
  const words = typed.trimStart() === "" ? 0 : typed.trimStart().split(/\s+/).length - 1;
  const argument = subcommand.arguments[Math.min(words, subcommand.arguments.length - 1)];
  return argument ? { hint: argument.hint, help: argument.help } : null;
}
