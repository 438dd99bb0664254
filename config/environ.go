package config

import "strings"

// readEnviron sets the fields whose variables are there, and finds the variables that would set nothing.
func (m *mistakes) readEnviron(fields []field, environ []string) {
	names := make([]string, len(fields))
	byName := make(map[string]field, len(fields))
	for i, f := range fields {
		names[i] = f.env()
		byName[names[i]] = f
	}
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, envPrefix) {
			continue
		}
		f, known := byName[name]
		if !known {
			m.add(name, "is not a variable of ours%s", hint(name, names))
			continue
		}
		m.env[f.key] = name
		if err := parse(f.target, value); err != nil {
			m.add(f.key, "%v", err)
		}
	}
}
