package locales

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/currency"
	"golang.org/x/text/feature/plural"
	xlanguage "golang.org/x/text/language"
)

// language is one file, ready to speak.
type language struct {
	tag       string
	parsed    xlanguage.Tag
	sentences map[string]*sentence // by dotted key
	numerals  numerals
	symbols   func() map[currency.Unit]string
}

// load reads every *.toml at the root of the file system; a file's name is its language's tag. All mistakes
// are reported together.
func load(files fs.FS) (map[string]*language, error) {
	names, err := fs.Glob(files, "*.toml")
	if err != nil {
		return nil, fmt.Errorf("list languages: %w", err)
	}
	loaded := make(map[string]*language, len(names))
	var errs []error
	for _, name := range names {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read language: %w", err)
		}
		tag := strings.TrimSuffix(path.Base(name), ".toml")
		l, err := parseLanguage(tag, source)
		if err != nil {
			errs = append(errs, fmt.Errorf("load language %s: %w", tag, err))
		}
		loaded[tag] = l
	}
	return loaded, errors.Join(errs...)
}

func parseLanguage(tag string, source []byte) (*language, error) {
	parsed, err := xlanguage.Parse(tag)
	if err != nil {
		return nil, fmt.Errorf("parse tag: %w", err)
	}
	var tables map[string]any
	if err := toml.Unmarshal(source, &tables); err != nil {
		return nil, fmt.Errorf("parse file: %w", err)
	}
	l := &language{
		tag: tag, parsed: parsed, sentences: make(map[string]*sentence),
		numerals: numeralsOf(parsed), symbols: symbolsOf(parsed),
	}
	return l, l.add("", tables)
}

// add takes in a table: texts and tables of plural forms are sentences, the other tables hold more of them.
func (l *language) add(prefix string, table map[string]any) error {
	var errs []error
	for name, value := range table {
		key := prefix + name
		var err error
		switch value := value.(type) {
		case map[string]any:
			if isPlural(value) {
				err = l.addForms(key, value)
			} else {
				err = l.add(key+".", value)
			}
		default:
			var p phrase
			p, err = phraseOf(key, value)
			l.sentences[key] = &sentence{general: p}
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (l *language) addForms(key string, forms map[string]any) error {
	s := &sentence{phrases: make(map[plural.Form]phrase, len(forms))}
	for name, value := range forms {
		p, err := phraseOf(key+"."+name, value)
		if err != nil {
			return err
		}
		s.phrases[pluralForms[name]] = p
	}
	general, ok := s.phrases[other]
	if !ok {
		return fmt.Errorf("%s: the form other is missing", key)
	}
	s.general = general
	l.sentences[key] = s
	return nil
}

func phraseOf(key string, value any) (phrase, error) {
	text, ok := value.(string)
	if !ok || strings.TrimSpace(text) == "" {
		return phrase{}, fmt.Errorf("%s: %v is no sentence", key, value)
	}
	p, err := parsePhrase(text)
	if err != nil {
		return phrase{}, fmt.Errorf("%s: %w", key, err)
	}
	return p, nil
}
