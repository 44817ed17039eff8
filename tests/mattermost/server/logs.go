package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// Line is a line of the server's log.
type Line struct {
	// As the server names it: debug, info, warn, error.
	Level   string
	Message string
	// Names and values, as text.
	Fields string
}

// String is the line as people read it.
func (l Line) String() string {
	return fmt.Sprintf("%s: %s %s", l.Level, l.Message, l.Fields)
}

// Logs collects the server's log.
type Logs struct {
	mu    sync.Mutex
	lines []Line
}

// Lines are those of one of the levels, oldest first; all without a level.
func (l *Logs) Lines(levels ...string) []Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	var lines []Line
	for _, line := range l.lines {
		if len(levels) == 0 || strings.Contains(strings.Join(levels, " "), line.Level) {
			lines = append(lines, line)
		}
	}
	return lines
}

// Take removes and returns the lines of a level whose text, fields included, contains the words.
func (l *Logs) Take(level, words string) []Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	var taken, kept []Line
	for _, line := range l.lines {
		if line.Level == level && strings.Contains(line.String(), words) {
			taken = append(taken, line)
		} else {
			kept = append(kept, line)
		}
	}
	l.lines = kept
	return taken
}

func (l *Logs) add(line Line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
}

// Takes the JSON lines of one supervisor's logger, which writes from one goroutine.
type jsonLines struct {
	to   *Logs
	rest []byte
}

func (j *jsonLines) Write(data []byte) (int, error) {
	j.rest = append(j.rest, data...)
	for {
		line, rest, whole := bytes.Cut(j.rest, []byte("\n"))
		if !whole {
			return len(data), nil
		}
		j.to.add(parse(line))
		j.rest = rest
	}
}

func parse(data []byte) Line {
	var fields map[string]any
	if err := json.Unmarshal(data, &fields); err != nil {
		return Line{Level: "error", Message: "a log line that is no JSON: " + string(data)}
	}
	line := Line{Level: fmt.Sprint(fields["level"]), Message: fmt.Sprint(fields["msg"])}
	for _, known := range []string{"level", "msg", "timestamp", "caller"} {
		delete(fields, known)
	}
	rest, err := json.Marshal(fields)
	if err == nil {
		line.Fields = string(rest)
	}
	return line
}

func (a *api) LogDebug(message string, fields ...any) { a.log("debug", message, fields) }
func (a *api) LogInfo(message string, fields ...any)  { a.log("info", message, fields) }
func (a *api) LogWarn(message string, fields ...any)  { a.log("warn", message, fields) }
func (a *api) LogError(message string, fields ...any) { a.log("error", message, fields) }

func (a *api) log(level, message string, fields []any) {
	pairs := map[string]string{}
	for i := 0; i+1 < len(fields); i += 2 {
		pairs[fmt.Sprint(fields[i])] = fmt.Sprint(fields[i+1])
	}
	if len(fields)%2 != 0 {
		a.server.logs.add(Line{Level: "error", Message: "a log line with a name but no value: " + message})
	}
	encoded, err := json.Marshal(pairs)
	if err != nil {
		encoded = []byte(err.Error())
	}
	a.server.logs.add(Line{Level: level, Message: message, Fields: string(encoded)})
}
