package rlvrcall

import (
	"math"
	"math/big"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

var bigInt = reflect.TypeOf(big.Int{})

func expect(holds bool) {
	if !holds {
		panic(raised{"TypeError", "an argument has another type"})
	}
}

func integer(from string, bits int) int64 {
	value, err := strconv.ParseInt(from, 10, bits)
	if err != nil {
		panic(raised{"OverflowError", "an argument is too large"})
	}
	return value
}

// read makes a variable hold a value.
func read(from node, into reflect.Value) {
	if into.Type() == bigInt {
		expect(from.kind == number || from.kind == hex)
		base := map[kind]int{number: 10, hex: 16}[from.kind]
		_, ok := into.Addr().Interface().(*big.Int).SetString(from.text, base)
		expect(ok)
		return
	}
	switch into.Kind() {
	case reflect.Interface:
		if value := natural(from); value.IsValid() {
			expect(value.Type().AssignableTo(into.Type()))
			into.Set(value)
		}
	case reflect.Ptr:
		if from.kind != null {
			into.Set(reflect.New(into.Type().Elem()))
			read(from, into.Elem())
		}
	case reflect.Slice:
		expect(from.kind == list)
		into.Set(reflect.MakeSlice(into.Type(), len(from.items), len(from.items)))
		readItems(from, into)
	case reflect.Array:
		expect(from.kind == list && len(from.items) == into.Len())
		readItems(from, into)
	case reflect.Struct: // a tuple
		expect(from.kind == list && len(from.items) == into.NumField())
		for each := range from.items {
			expect(into.Field(each).CanSet())
			read(from.items[each], into.Field(each))
		}
	case reflect.Map:
		readMap(from, into)
	default:
		readScalar(from, into)
	}
}

func readItems(from node, into reflect.Value) {
	for each := range from.items {
		read(from.items[each], into.Index(each))
	}
}

// readMap reads a dictionary, or a set into a map of truths or of nothing.
func readMap(from node, into reflect.Value) {
	expect(from.kind == dict || from.kind == set)
	kind := into.Type()
	into.Set(reflect.MakeMap(kind))
	step := map[bool]int{true: 2, false: 1}[from.kind == dict]
	for each := 0; each < len(from.items); each += step {
		key, value := reflect.New(kind.Key()).Elem(), reflect.New(kind.Elem()).Elem()
		read(from.items[each], key)
		if step == 2 {
			read(from.items[each+1], value)
		} else if kind.Elem().Kind() == reflect.Bool {
			value.SetBool(true)
		}
		into.SetMapIndex(key, value)
	}
}

func readScalar(from node, into reflect.Value) {
	kind := into.Type()
	switch into.Kind() {
	case reflect.Bool:
		expect(from.kind == boolean)
		into.SetBool(from.text == "true")
	case reflect.String:
		expect(from.kind == text)
		into.SetString(from.text)
	case reflect.Float32, reflect.Float64:
		expect(from.kind == number)
		value, _ := strconv.ParseFloat(from.text, kind.Bits()) // beyond its range it is infinite, as in other languages
		into.SetFloat(value)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if from.kind == text && utf8.RuneCountInString(from.text) == 1 { // a rune
			code, _ := utf8.DecodeRuneInString(from.text)
			into.SetInt(int64(code))
			return
		}
		expect(from.kind == number || from.kind == hex)
		into.SetInt(integer(from.text, kind.Bits()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if from.kind == text && len(from.text) == 1 { // a byte
			into.SetUint(uint64(from.text[0]))
			return
		}
		expect(from.kind == number || from.kind == hex)
		value, err := strconv.ParseUint(from.text, 10, kind.Bits())
		if err != nil {
			panic(raised{"OverflowError", "an argument is too large"})
		}
		into.SetUint(value)
	default:
		panic(raised{"TypeError", "a parameter has a type that no argument has"})
	}
}

// natural returns a value in the type that Go gives to such a literal.
func natural(from node) reflect.Value {
	var made any
	switch from.kind {
	case null:
		return reflect.Value{}
	case boolean:
		made = from.text == "true"
	case text:
		made = from.text
	case number:
		if whole, err := strconv.Atoi(from.text); err == nil {
			made = whole
		} else {
			made, _ = strconv.ParseFloat(from.text, 64)
		}
	case hex:
		made, _ = new(big.Int).SetString(from.text, 16)
	case list:
		items := []any{}
		read(from, reflect.ValueOf(&items).Elem())
		made = items
	case set:
		items := map[any]bool{}
		read(from, reflect.ValueOf(&items).Elem())
		made = items
	default:
		items := map[any]any{}
		read(from, reflect.ValueOf(&items).Elem())
		made = items
	}
	return reflect.ValueOf(made)
}

func write(out *strings.Builder, value reflect.Value, key bool, depth int) {
	if depth > mostDepth {
		panic(notData("nested too deep"))
	}
	if value.Type() == bigInt && value.CanInterface() {
		whole := value.Interface().(big.Int)
		writeBig(out, &whole)
		return
	}
	switch value.Kind() {
	case reflect.Interface, reflect.Ptr:
		if value.IsNil() {
			out.WriteString("null")
		} else {
			write(out, value.Elem(), key, depth+1)
		}
	case reflect.Slice, reflect.Array:
		writeItems(out, value.Len(), value.Index, key, key, depth)
	case reflect.Struct:
		writeItems(out, value.NumField(), value.Field, true, key, depth)
	case reflect.Map:
		writeMap(out, value, key, depth)
	case reflect.Bool:
		out.WriteString(strconv.FormatBool(value.Bool()))
	case reflect.String:
		out.WriteString(quote(value.String()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		out.WriteString(strconv.FormatInt(value.Int(), 10))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		out.WriteString(strconv.FormatUint(value.Uint(), 10))
	case reflect.Float32, reflect.Float64:
		out.WriteString(float(value.Float(), value.Type().Bits()))
	default:
		panic(notData("a " + value.Kind().String() + " is not plain data"))
	}
}

// writeItems writes a list, or a tuple, which a key has to be.
func writeItems(out *strings.Builder, count int, item func(int) reflect.Value, tuple, key bool, depth int) {
	if tuple {
		out.WriteString(`{"t":`)
	}
	out.WriteByte('[')
	for each := 0; each < count; each++ {
		if each > 0 {
			out.WriteByte(',')
		}
		write(out, item(each), key, depth+1)
	}
	out.WriteByte(']')
	if tuple {
		out.WriteByte('}')
	}
}

// writeMap writes a dictionary, in an order that does not change; a map of nothing is a set.
func writeMap(out *strings.Builder, value reflect.Value, key bool, depth int) {
	if key {
		panic(notData("a map is no key"))
	}
	isSet := value.Type().Elem() == reflect.TypeOf(struct{}{})
	items := make([]string, 0, value.Len())
	for each := value.MapRange(); each.Next(); {
		var item strings.Builder
		write(&item, each.Key(), true, depth+2)
		if !isSet {
			item.WriteByte(',')
			write(&item, each.Value(), false, depth+2)
		}
		items = append(items, item.String())
	}
	sort.Strings(items)
	switch {
	case isSet:
		out.WriteString(`{"s":[` + strings.Join(items, ",") + `]}`)
	case len(items) == 0:
		out.WriteString(`{"d":[]}`)
	default:
		out.WriteString(`{"d":[[` + strings.Join(items, "],[") + `]]}`)
	}
}

func writeBig(out *strings.Builder, value *big.Int) {
	if value.BitLen() < 13000 { // some 3,900 digits
		out.WriteString(value.String())
	} else {
		out.WriteString(`{"i":"` + value.Text(16) + `"}`)
	}
}

func float(value float64, bits int) string {
	switch {
	case math.IsNaN(value):
		return "NaN"
	case math.IsInf(value, 1):
		return "Infinity"
	case math.IsInf(value, -1):
		return "-Infinity"
	}
	written := strconv.FormatFloat(value, 'g', -1, bits)
	if strings.ContainsAny(written, ".e") {
		return written
	}
	return written + ".0"
}
