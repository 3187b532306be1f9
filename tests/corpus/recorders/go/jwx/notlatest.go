package main

func newest() []Fault { return nil }
