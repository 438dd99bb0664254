package playground

import "strconv"

// maxInputs is how many components a modal may have at its top.
const maxInputs = 5

var (
	textInputRule = object{also: wholeTextInput, fields: fields{
		"id": integer{0, 1<<31 - 1}, "custom_id": customID, "style": required{choice{1, 2}}, "label": text{1, 45},
		"value": text{0, 4000}, "placeholder": text{0, 100}, "required": boolean{},
		"min_length": integer{0, 4000}, "max_length": integer{1, 4000},
	}}

	fileUploadRule = object{fields: fields{
		"id": integer{0, 1<<31 - 1}, "custom_id": customID, "required": boolean{},
		"min_values": integer{0, 10}, "max_values": integer{1, 10},
	}}

	labelRule = object{fields: fields{
		"id": integer{0, 1<<31 - 1}, "label": required{text{1, 45}}, "description": text{1, 100},
		"component": required{selects.and(variant{componentTextInput: textInputRule, componentFileUpload: fileUploadRule})},
	}}

	modalRow = object{also: labelledInputs, fields: fields{
		"id": integer{0, 1<<31 - 1}, "components": required{list{1, 1, variant{componentTextInput: textInputRule}}},
	}}

	modalRule = object{also: wholeModal, fields: fields{
		"custom_id": customID, "title": required{text{1, 45}},
		"components": required{list{1, maxInputs, variant{
			componentRow: modalRow, componentLabel: labelRule, componentText: textDisplayRule,
		}}},
	}}
)

func wholeTextInput(input map[string]any, found *issues) {
	least, _ := whole(input["min_length"])
	if most, ok := whole(input["max_length"]); ok && least > most {
		found.at("min_length").add("TEXT_INPUT_COMPONENT_INVALID_MIN_LENGTH", "Must be less than or equal to max_length")
	}
}

// labelledInputs refuses an input without a label: in a row nothing else says what it is for.
func labelledInputs(row map[string]any, found *issues) {
	for i, input := range row["components"].([]any) {
		if blank(input.(map[string]any)["label"]) {
			found.at("components").at(strconv.Itoa(i)).at("label").add("BASE_TYPE_REQUIRED", "This field is required")
		}
	}
}

func wholeModal(modal map[string]any, found *issues) {
	checkTree(modal["components"].([]any), found.at("components"))
}
