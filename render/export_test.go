package render

// Clip is clip, whose edges no embed reaches easily.
var Clip = clip
