package main

func latest() []Fault { return nil }
