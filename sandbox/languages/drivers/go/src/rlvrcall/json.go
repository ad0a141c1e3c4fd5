package rlvrcall

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

type kind int

const (
	null kind = iota
	boolean
	number
	text
	list
	set
	dict
	hex
)

// node is a value of the JSON in sandbox/inside/values.py; a dictionary holds its keys and values in turn.
type node struct {
	kind  kind
	text  string
	items []node
}

// reader reads what the judge wrote, which is well formed.
type reader struct{ rest string }

func parse(from string) node {
	return (&reader{from}).whole()
}

func (r *reader) whole() node {
	switch r.rest[0] {
	case '[':
		return r.sequence()
	case '{':
		return r.tagged()
	case '"':
		return node{kind: text, text: r.string()}
	case 'n':
		return r.word(4, null)
	case 't':
		return r.word(4, boolean)
	case 'f':
		return r.word(5, boolean)
	}
	size := strings.IndexAny(r.rest, ",]}")
	if size < 0 {
		size = len(r.rest)
	}
	return r.word(size, number)
}

func (r *reader) word(size int, of kind) node {
	made := node{kind: of, text: r.rest[:size]}
	r.rest = r.rest[size:]
	return made
}

func (r *reader) sequence() node {
	made := node{kind: list}
	r.rest = r.rest[1:]
	for r.rest[0] != ']' {
		if r.rest[0] == ',' {
			r.rest = r.rest[1:]
		}
		made.items = append(made.items, r.whole())
	}
	r.rest = r.rest[1:]
	return made
}

func (r *reader) tagged() node {
	r.rest = r.rest[1:]
	tag := r.string()
	r.rest = r.rest[1:]
	made := r.whole()
	r.rest = r.rest[1:]
	switch tag {
	case "i":
		made.kind = hex
	case "s", "f":
		made.kind = set
	case "d":
		pairs := made.items
		made = node{kind: dict}
		for _, pair := range pairs {
			made.items = append(made.items, pair.items...)
		}
	}
	return made
}

func (r *reader) unit() rune {
	code, _ := strconv.ParseUint(r.rest[2:6], 16, 16)
	r.rest = r.rest[6:]
	return rune(code)
}

// string reads a text into UTF-8, in which half a surrogate pair takes three bytes.
func (r *reader) string() string {
	var made []byte
	r.rest = r.rest[1:]
	for r.rest[0] != '"' {
		if r.rest[0] != '\\' {
			made = append(made, r.rest[0])
			r.rest = r.rest[1:]
			continue
		}
		if r.rest[1] != 'u' {
			escape := r.rest[1]
			if place := strings.IndexByte("bfnrt", escape); place >= 0 {
				escape = "\b\f\n\r\t"[place]
			}
			made = append(made, escape)
			r.rest = r.rest[2:]
			continue
		}
		code := r.unit()
		if utf16.IsSurrogate(code) {
			before := *r
			if strings.HasPrefix(r.rest, `\u`) {
				if whole := utf16.DecodeRune(code, r.unit()); whole != utf8.RuneError {
					made = utf8.AppendRune(made, whole)
					continue
				}
				*r = before
			}
			made = append(made, byte(0xE0|code>>12), byte(0x80|code>>6&63), byte(0x80|code&63))
			continue
		}
		made = utf8.AppendRune(made, code)
	}
	r.rest = r.rest[1:]
	return string(made)
}

const digits = "0123456789abcdef"

// quote writes a text; a byte that is no UTF-8 becomes half a surrogate pair, as in Python's "surrogateescape".
func quote(from string) string {
	made := []byte{'"'}
	unit := func(code rune) {
		made = append(made, '\\', 'u', digits[code>>12&15], digits[code>>8&15], digits[code>>4&15], digits[code&15])
	}
	for len(from) > 0 {
		code, size := utf8.DecodeRuneInString(from)
		switch {
		case code == utf8.RuneError && size == 1:
			if len(from) >= 3 && from[0] == 0xED && from[1] >= 0xA0 && from[1] < 0xC0 && from[2]&0xC0 == 0x80 {
				unit(0xD000 | rune(from[1]&63)<<6 | rune(from[2]&63))
				size = 3
			} else {
				unit(0xDC00 + rune(from[0]))
			}
		case code >= 0x10000:
			high, low := utf16.EncodeRune(code)
			unit(high)
			unit(low)
		case code < 32 || code >= 127 || code == '"' || code == '\\':
			unit(code)
		default:
			made = append(made, byte(code))
		}
		from = from[size:]
	}
	return string(append(made, '"'))
}
