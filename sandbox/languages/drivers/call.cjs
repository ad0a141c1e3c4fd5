// Calls of a function in JavaScript: requests come in on descriptor 3, answers go out on descriptor 4
// (sandbox/inside/calls.py). Values are the JSON of sandbox/inside/values.py:
//
//     dictionary    an object where all its keys are texts, else a Map
//     set           a Set
//     integer       a number where that is exact, else a BigInt
"use strict";
const fs = require("fs");

const IN = 3;
const OUT = 4;
const MAX_DEPTH = 100;
const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([^\s"[\]{},:]+)|(.))/y;

class NotData extends Error {}

function read(text) {
    let place = 0;
    const next = () => {
        TOKEN.lastIndex = place;
        const found = TOKEN.exec(text);
        place = TOKEN.lastIndex;
        return found;
    };
    const items = () => {
        const made = [];
        if (text[place] === "]") place++;
        else do made.push(value()); while (next()[3] === ",");
        return made;
    };
    const value = () => {
        const [, string, word, mark] = next();
        if (string !== undefined) return JSON.parse(string);
        if (word !== undefined) return scalar(word);
        if (mark === "[") return items();
        const tag = JSON.parse(next()[1]);
        next();
        const body = value();
        next();
        return tagged(tag, body);
    };
    return value();
}

function scalar(word) {
    switch (word) {
        case "null": return null;
        case "true": return true;
        case "false": return false;
    }
    const number = Number(word);
    return Number.isSafeInteger(number) || !/^-?[0-9]+$/.test(word) ? number : BigInt(word);
}

function tagged(tag, body) {
    switch (tag) {
        case "t": return body;
        case "s":
        case "f": return new Set(body);
        case "i": return body[0] === "-" ? -BigInt(`0x${body.slice(1)}`) : BigInt(`0x${body}`);
        case "d": return body.every(([key]) => typeof key === "string") ? Object.fromEntries(body) : new Map(body);
    }
    throw new NotData("an argument has a type that JavaScript has not");
}

function write(value, key = false, depth = 0) {
    if (depth > MAX_DEPTH) throw new NotData(`nested deeper than ${MAX_DEPTH}`);
    const one = (item) => write(item, key, depth + 1);
    const list = (items, each = one) => `[${Array.from(items, each).join(",")}]`;
    switch (typeof value) {
        case "string": return JSON.stringify(value);
        case "boolean": return String(value);
        case "undefined": return "null";
        case "number": return number(value);
        case "bigint": return integer(value);
        case "object": break;
        default: throw new NotData(`a ${typeof value} is not plain data`);
    }
    if (value === null) return "null";
    if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
        return key ? `{"t":${list(value)}}` : list(value); // a list is no key; a tuple is
    }
    if (value instanceof Set) return `{"${key ? "f" : "s"}":${list(value, (item) => write(item, true, depth + 1))}}`;
    const plain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
    if (key || !(plain || value instanceof Map)) throw new NotData("an object is not plain data");
    const pairs = plain ? Object.entries(value) : value.entries();
    return `{"d":${list(pairs, ([name, item]) => `[${write(name, true, depth + 2)},${write(item, false, depth + 2)}]`)}}`;
}

function number(value) {
    if (!Number.isInteger(value)) return String(value); // NaN and Infinity are read as they are written
    return Number.isSafeInteger(value) ? String(value + 0) : integer(BigInt(value));
}

function integer(value) {
    const text = value.toString();
    return text.length < 4000 ? text : `{"i":"${value.toString(16)}"}`;
}

function readExactly(size) {
    const data = Buffer.alloc(size);
    for (let done = 0; done < size;) {
        const count = fs.readSync(IN, data, done, size - done, null);
        if (count === 0) process.reallyExit(0);
        done += count;
    }
    return data;
}

function send(text) {
    const body = Buffer.from(text, "utf8");
    const frame = Buffer.alloc(4 + body.length);
    frame.writeUInt32BE(body.length);
    body.copy(frame, 4);
    for (let done = 0; done < frame.length;) done += fs.writeSync(OUT, frame, done);
}

const KINDS = { TypeError: "TypeError", ReferenceError: "NameError", SyntaxError: "SyntaxError", RangeError: "ValueError" };

function raised(error) {
    let kind = "RuntimeError";
    let text = "";
    try {
        text = String(error instanceof Error ? error.message : error).slice(0, 1000);
        kind = /^Maximum call stack/.test(text) ? "RecursionError" : KINDS[error.name] || kind;
    } catch {
        // it does not want to be looked at
    }
    return `["raised",${JSON.stringify(kind)},${JSON.stringify(text)}]`;
}

function find(look, program, name) {
    for (const get of [() => look(name), () => program.exports[name]]) {
        try {
            const found = get();
            if (typeof found === "function") return found;
        } catch {
            // not there
        }
    }
    const object = new (look("Solution"))();
    return object[name].bind(object);
}

function answer(look, program, [name, args, , readBack]) {
    try {
        let called;
        try {
            called = find(look, program, name);
        } catch {
            return `["raised","NameError",${JSON.stringify(`the program defines no ${name}`)}]`;
        }
        const value = called(...args);
        return `["value",${write(readBack === null ? value : args[readBack])}]`;
    } catch (error) {
        if (error instanceof NotData) return `["not data",${JSON.stringify(error.message)},true]`;
        return raised(error);
    }
}

// Runs the program, which sets `look`, and answers until the judge closes the channel.
module.exports = function serve(run, program) {
    try {
        run();
    } catch (error) {
        send(`[0,${raised(error)}]`);
        process.reallyExit(1);
    }
    send('[0,["ready"]]');
    for (;;) {
        const [count, request] = read(readExactly(readExactly(4).readUInt32BE()).toString("latin1"));
        send(`[${count},${answer(program.rlvrLook, program, request)}]`);
    }
};
