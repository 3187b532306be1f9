package main

func versioned() []Fault { return nil }
