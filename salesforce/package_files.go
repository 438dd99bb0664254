package salesforce

import "strings"

// settingsField is a field of the custom metadata type.
type settingsField struct{ Member, Type, Label, Description string }

var settingsFields = []settingsField{
	{"Active__c", "Checkbox", "Active", "Whether anything is sent."},
	{"Secret__c", "Text", "Secret", "The secret that signs what is sent."},
	{"Url__c", "Text", "URL", "Where it is sent."},
}

// builder fills templates into files, and remembers the first failure.
type builder struct {
	files []File
	err   error
}

func (b *builder) add(path, template string, data any) {
	if b.err != nil {
		return
	}
	var content []byte
	if content, b.err = fill(template, data); b.err == nil {
		b.files = append(b.files, File{Name: path, Content: content})
	}
}

// apex adds the classes and triggers, which have the same names in both forms.
func (b *builder) apex(folder string, c contents) {
	for _, class := range c.Classes() {
		b.add(folder+"classes/"+class+".cls", strings.TrimPrefix(class, c.Prefix)+".cls", c)
		b.add(folder+"classes/"+class+".cls-meta.xml", "class-meta.xml", c)
	}
	for _, t := range c.Triggers {
		b.add(folder+"triggers/"+t.Trigger+".trigger", "Trigger.trigger", t)
		b.add(folder+"triggers/"+t.Trigger+".trigger-meta.xml", "trigger-meta.xml", c)
	}
}

// settingsObject is the custom metadata type with the fields that its own file has.
type settingsObject struct {
	contents
	Inside []settingsField
}

// source is the package in source form, in which a field has a file of its own.
func (c contents) source() ([]File, error) {
	const folder = "force-app/main/default/"
	var b builder
	b.add("README.md", "README.md", c)
	b.apex(folder, c)
	b.add(folder+"customMetadata/"+c.Prefix+".Source.md-meta.xml", "record.xml", c)
	object := folder + "objects/" + c.Prefix + "__mdt/"
	b.add(object+c.Prefix+"__mdt.object-meta.xml", "object.xml", settingsObject{contents: c})
	for _, f := range settingsFields {
		b.add(object+"fields/"+f.Member+".field-meta.xml", "field.xml", f)
	}
	b.add(folder+"remoteSiteSettings/"+c.Prefix+".remoteSite-meta.xml", "remoteSite.xml", c)
	b.add("manifest/package.xml", "manifest.xml", manifest{c.components(), c.Version})
	b.add("remove/destructiveChanges.xml", "manifest.xml", manifest{Types: c.removable()})
	b.add("remove/package.xml", "manifest.xml", manifest{Version: c.Version})
	b.add("sfdx-project.json", "sfdx-project.json", c)
	return b.files, b.err
}

// metadata is the package as the Metadata API takes it.
func (c contents) metadata() ([]File, error) {
	var b builder
	b.add("package.xml", "manifest.xml", manifest{c.components(), c.Version})
	b.apex("", c)
	b.add("customMetadata/"+c.Prefix+".Source.md", "record.xml", c)
	b.add("objects/"+c.Prefix+"__mdt.object", "object.xml", settingsObject{c, settingsFields})
	b.add("remoteSiteSettings/"+c.Prefix+".remoteSite", "remoteSite.xml", c)
	return b.files, b.err
}

// removal takes out what the package has put in.
func (c contents) removal() ([]File, error) {
	var b builder
	b.add("package.xml", "manifest.xml", manifest{Version: c.Version})
	b.add("destructiveChanges.xml", "manifest.xml", manifest{Types: c.removable()})
	return b.files, b.err
}

// removable are the components but for the fields, which go with their object.
func (c contents) removable() []manifestType {
	var types []manifestType
	for _, t := range c.components() {
		if t.Name != "CustomField" {
			types = append(types, t)
		}
	}
	return types
}
