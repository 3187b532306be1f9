package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

// Fault is one way to have a token rejected, and what the rejection must be called. The reason is
// written down from what was done to the token or the verifier, before anything is printed.
type Fault struct {
	Reason   string // "" means: no token was rejected
	Also     []string
	Captures map[string][]string
	Provoke  func() error
}

type captures = map[string][]string

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

// Record provokes every fault and prints what the library said: bare, and in one of the coats of
// Go programs; which one changes from fault to fault and from version to version.
// args: library, version, number of the version.
func Record(faults []Fault) {
	library, version := os.Args[1], os.Args[2]
	number := must(strconv.Atoi(os.Args[3]))
	for index, fault := range faults {
		err := fault.Provoke()
		if err == nil {
			panic(fmt.Sprintf("fault %d (%s) was not noticed", index, fault.Reason))
		}
		emit(fault, err.Error(), library, version)
		if fault.Reason != "" && (index+number)%2 == 0 {
			emit(fault, coats[(index+5*number)%len(coats)](err), library, version)
		}
	}
}

func emit(fault Fault, text, library, version string) {
	one := line{
		Text: text, Also: []string{}, Captures: captures{}, Library: library, Version: version,
		Origin: "recorded", Program: "tests/corpus/recorders/go/" + library + "/main.go",
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
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	must(0, out.Encode(one))
}
