package gateway

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
)

var output = flag.String("output", "", "directory for the pods' logs and simulation.json")

// TestQuietDay plays the day. synctest gives virtual time: the clock of the whole program,
// slog's and jwt's too, jumps from one sleeper's end to the next.
func TestQuietDay(t *testing.T) {
	if *output == "" {
		t.Skip("no -output directory")
	}
	if err := os.MkdirAll(filepath.Join(*output, "pods"), 0o755); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		day := newDay(*output)
		day.play()
		if err := day.write(); err != nil {
			t.Fatal(err)
		}
	})
}
