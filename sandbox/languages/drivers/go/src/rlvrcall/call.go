// Package rlvrcall calls a function in Go: requests come in on descriptor 3, answers go out on descriptor 4
// (sandbox/inside/calls.py). What the function takes and gives is read off its type.
package rlvrcall

import (
	"encoding/binary"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

const (
	in         = 3
	out        = 4
	mostDepth  = 100
	longestSay = 1000
)

// raised is an exception, by the name that Python has for it.
type raised struct{ kind, text string }

// notData says why a value cannot be given back.
type notData string

// Serve answers calls of a function until the judge closes the channel.
func Serve(function any) {
	send(`[0,["ready"]]`)
	called := reflect.ValueOf(function)
	for {
		message := parse(string(receive(int(binary.BigEndian.Uint32(receive(4))))))
		send("[" + message.items[0].text + "," + answer(called, message.items[1].items) + "]")
	}
}

func answer(called reflect.Value, request []node) (said string) {
	defer func() {
		switch problem := recover().(type) {
		case nil:
		case raised:
			said = sayRaised(problem.kind, problem.text)
		case notData:
			said = `["not data",` + quote(string(problem)) + `,true]`
		case runtime.Error:
			said = sayRaised(kindOf(problem.Error()), problem.Error())
		default:
			said = sayRaised("RuntimeError", fmt.Sprint(problem))
		}
	}()
	given, kind := request[1].items, called.Type()
	count := kind.NumIn()
	if len(given) != count {
		panic(raised{"TypeError", "takes another number of arguments"})
	}
	arguments := make([]reflect.Value, count)
	for each := range arguments {
		arguments[each] = reflect.New(kind.In(each)).Elem()
		read(given[each], arguments[each])
	}
	var results []reflect.Value
	if kind.IsVariadic() {
		results = called.CallSlice(arguments)
	} else {
		results = called.Call(arguments)
	}
	if request[3].kind == number {
		results = arguments[integer(request[3].text, 64):][:1]
	}
	return `["value",` + written(withoutError(results)) + `]`
}

// withoutError returns what a function gives besides an error that is its last result.
func withoutError(results []reflect.Value) []reflect.Value {
	last := len(results) - 1
	if last < 0 || results[last].Type() != reflect.TypeOf((*error)(nil)).Elem() {
		return results
	}
	if !results[last].IsNil() {
		panic(raised{"RuntimeError", results[last].Interface().(error).Error()})
	}
	return results[:last]
}

func written(results []reflect.Value) string {
	var text strings.Builder
	switch len(results) {
	case 0:
		return "null"
	case 1:
		write(&text, results[0], false, 0)
	default:
		text.WriteString(`{"t":[`)
		for each, result := range results {
			if each > 0 {
				text.WriteByte(',')
			}
			write(&text, result, false, 1)
		}
		text.WriteString("]}")
	}
	return text.String()
}

func kindOf(text string) string {
	for _, each := range [][2]string{
		{"out of range", "IndexError"}, {"divide by zero", "ZeroDivisionError"}, {"interface conversion", "TypeError"},
	} {
		if strings.Contains(text, each[0]) {
			return each[1]
		}
	}
	return "RuntimeError"
}

func sayRaised(kind, text string) string {
	if len(text) > longestSay {
		text = text[:longestSay]
	}
	return `["raised",` + strconv.Quote(kind) + "," + quote(text) + "]"
}

func receive(size int) []byte {
	data := make([]byte, size)
	for done := 0; done < size; {
		count, err := syscall.Read(in, data[done:])
		if err == syscall.EINTR {
			continue
		}
		if err != nil || count <= 0 {
			os.Exit(0)
		}
		done += count
	}
	return data
}

func send(body string) {
	frame := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	frame = append(frame, body...)
	for len(frame) > 0 {
		count, err := syscall.Write(out, frame)
		if err != nil && err != syscall.EINTR {
			os.Exit(1)
		}
		if count > 0 {
			frame = frame[count:]
		}
	}
}
