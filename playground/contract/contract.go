// Package contract holds requests against Discord's official API description, for tests: it knows
// lengths, counts and shapes better than we do. The description is not part of this repository; where it
// does not stand beside the checkout, there is nothing to hold against.
package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// file is where the description stands, seen from the checkout.
const file = "../shared/contracts/discord-openapi.json"

// ErrAbsent says that the description does not stand beside the checkout.
var ErrAbsent = errors.New("there is no " + file)

// Contract is Discord's API description. It is safe for concurrent use.
type Contract struct {
	compiler *jsonschema.Compiler
	routes   []route
	mu       sync.Mutex
	schemas  map[string]*jsonschema.Schema // by JSON pointer
}

type route struct {
	template string
	parts    []string
	bodies   map[string][]string // lower-case method → JSON pointers of the accepted bodies, by content type
}

// Load reads the description that stands beside the checkout around the working directory. It fails
// with ErrAbsent when there is none.
func Load() (*Contract, error) {
	raw, err := find()
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	if err := compiler.AddResource("discord.json", doc); err != nil {
		return nil, fmt.Errorf("add %s: %w", file, err)
	}
	return &Contract{compiler: compiler, routes: routesOf(doc), schemas: map[string]*jsonschema.Schema{}}, nil
}

// find walks up to the module's root.
func find() ([]byte, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			raw, err := os.ReadFile(filepath.Join(dir, file))
			if errors.Is(err, fs.ErrNotExist) {
				return nil, ErrAbsent
			}
			return raw, err
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return nil, ErrAbsent
		}
		dir = parent
	}
	return nil, err
}

func routesOf(doc any) []route {
	var routes []route
	paths, _ := doc.(map[string]any)["paths"].(map[string]any)
	for template, item := range paths {
		r := route{template: template, parts: strings.Split(template, "/"), bodies: map[string][]string{}}
		operations, _ := item.(map[string]any)
		for method, operation := range operations {
			fields, _ := operation.(map[string]any)
			body, _ := fields["requestBody"].(map[string]any)
			content, _ := body["content"].(map[string]any)
			for contentType := range content {
				r.bodies[method] = append(r.bodies[method], pointer("paths", template, method, "requestBody", "content", contentType, "schema"))
			}
		}
		routes = append(routes, r)
	}
	return routes
}

func pointer(steps ...string) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	var p strings.Builder
	for _, step := range steps {
		p.WriteString("/" + url.PathEscape(escape.Replace(step)))
	}
	return p.String()
}

// Check holds a request against the description: its route must exist, and its JSON body must be one that
// the route accepts. path begins behind /api/v10 and has no query; body may be empty.
func (c *Contract) Check(method, path string, body []byte) error {
	r, ok := c.route(path)
	if !ok {
		return fmt.Errorf("discord has no route %s %s", method, path)
	}
	if len(body) == 0 {
		return nil
	}
	pointers := r.bodies[strings.ToLower(method)]
	if len(pointers) == 0 {
		return fmt.Errorf("%s %s takes no body", method, r.template)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(loosen(body)))
	if err != nil {
		return fmt.Errorf("%s %s: body is no JSON: %w", method, r.template, err)
	}
	var errs []error
	for _, p := range pointers {
		schema, err := c.schema(p)
		if err != nil {
			return err
		}
		if err = schema.Validate(value); err == nil {
			return nil
		}
		errs = append(errs, fmt.Errorf("%s %s: %w", method, r.template, err))
	}
	return errors.Join(errs...)
}

// route finds the template with the most literal parts.
func (c *Contract) route(path string) (found route, ok bool) {
	parts, best := strings.Split(path, "/"), -1
	for _, r := range c.routes {
		if n := literals(r.parts, parts); n > best {
			found, best = r, n
		}
	}
	return found, best >= 0
}

func literals(template, parts []string) int {
	if len(template) != len(parts) {
		return -1
	}
	n := 0
	for i, part := range template {
		switch {
		case part == parts[i]:
			n++
		case !strings.HasPrefix(part, "{"):
			return -1
		}
	}
	return n
}

func (c *Contract) schema(p string) (*jsonschema.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if schema, ok := c.schemas[p]; ok {
		return schema, nil
	}
	schema, err := c.compiler.Compile("discord.json#" + p)
	if err != nil {
		return nil, fmt.Errorf("compile %s: %w", p, err)
	}
	c.schemas[p] = schema
	return schema, nil
}

// loosen mends the one place where the description is known to be wrong: it calls
// default_member_permissions an integer, where Discord documents and takes a string.
func loosen(body []byte) []byte {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return body
	}
	drop(value)
	loosened, err := json.Marshal(value)
	if err != nil {
		return body
	}
	return loosened
}

func drop(value any) {
	switch v := value.(type) {
	case map[string]any:
		delete(v, "default_member_permissions")
		for _, inner := range v {
			drop(inner)
		}
	case []any:
		for _, inner := range v {
			drop(inner)
		}
	}
}
