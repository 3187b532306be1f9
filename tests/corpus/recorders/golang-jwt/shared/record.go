package main

import (
	"encoding/json"
	"os"
)

// Fault is one way to have a token rejected, and what the rejection must be called. The reason is
// written down from what was done to the token or the verifier, before anything is printed.
type Fault struct {
	Reason   string // "" means: no token was rejected (the signing side)
	Also     []string
	Captures map[string][]string
	Provoke  func() error
}

// few is the number of faults below which each is recorded in a coat too.
const few = 20

type line struct {
	Text     string              `json:"text"`
	Reason   *string             `json:"reason"`
	Outcome  *string             `json:"outcome"`
	Also     []string            `json:"also"`
	Captures map[string][]string `json:"captures"`
	Library  string              `json:"library"`
	Version  string              `json:"version"`
	Origin   string              `json:"origin"`
	Program  string              `json:"program"`
}

// Record provokes every fault and prints what the library said: bare, and every
// third also in a coat; which one changes from fault to fault and from version to version. args: version, number of the version.
func Record(program string, faults []Fault) {
	version, number := os.Args[1], int(os.Args[2][0]-'0')
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for index, fault := range faults {
		err := fault.Provoke()
		if err == nil {
			panic("fault was not noticed")
		}
		texts := []string{err.Error()}
		chosen := (index+number)%3 == 0 || len(fault.Also) > 0 || len(faults) < few
		if fault.Reason != "" && chosen {
			texts = append(texts, coats[(index+5*number)%len(coats)](err))
		}
		for _, text := range texts {
			if e := out.Encode(describe(fault, text, version, program)); e != nil {
				panic(e)
			}
		}
	}
}

func describe(fault Fault, text, version, program string) line {
	one := line{
		Text: text, Also: []string{}, Captures: map[string][]string{}, Library: "golang-jwt",
		Version: version, Origin: "recorded",
		Program: "tests/corpus/recorders/golang-jwt/" + program,
	}
	if fault.Reason != "" {
		rejected := "rejected"
		one.Reason, one.Outcome = &fault.Reason, &rejected
	}
	if fault.Also != nil {
		one.Also = fault.Also
	}
	if fault.Captures != nil {
		one.Captures = fault.Captures
	}
	return one
}
