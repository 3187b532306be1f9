package gateway

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	pods           = 3
	tokenLifetime  = 20 * time.Minute
	startToTraffic = 12 * time.Second
)

// A throw-away value. It signs nothing outside this simulation.
var sampleKey = []byte("throw-away-sample-key-quiet-day-not-used-anywhere")

var (
	dayBegin = time.Date(2031, 5, 13, 0, 0, 0, 0, time.UTC)
	dayEnd   = dayBegin.Add(24 * time.Hour)
	surge    = [2]time.Time{dayBegin.Add(13 * time.Hour), dayBegin.Add(13*time.Hour + 25*time.Minute)}
)

// A Deploy replaces the pods one after another. Where keyDelay is set, the first fresh pod
// takes requests for that long before its key is loaded: a blip.
type Deploy struct {
	ReplicaSet string        `json:"replica_set"`
	Revision   int           `json:"revision"`
	Version    string        `json:"version"`
	At         time.Time     `json:"at"`
	KeyDelay   time.Duration `json:"key_delay_ns"`
}

var deploys = []Deploy{
	{"gateway-5d8f6b7c9d", 41, "2.7.0", dayBegin.Add(-31 * time.Hour), 0},
	{"gateway-6c94d7f5b8", 42, "2.7.1", dayBegin.Add(8*time.Hour + 40*time.Minute), 0},
	{"gateway-7f6b9d4c5d", 43, "2.7.2", dayBegin.Add(11*time.Hour + 15*time.Minute), 18 * time.Second},
	{"gateway-8596cfd7b4", 44, "2.8.0", dayBegin.Add(16*time.Hour + 5*time.Minute), 18 * time.Second},
}

type pod struct {
	*Instance
	name string
}

type day struct {
	directory string
	draw      *rand.Rand
	inService []*pod
	files     []io.Closer
	Totals    map[string]int            `json:"totals"`
	ByReason  map[string]int            `json:"by_reason"`
	ByMinute  map[string]map[string]int `json:"by_minute"`
	ByPod     map[string]map[string]int `json:"by_pod"`
	Deploys   []Deploy                  `json:"deploys"`
	ReadyAt   map[string]time.Time      `json:"ready_at"`
}

func newDay(directory string) *day {
	return &day{
		directory: directory,
		draw:      rand.New(rand.NewPCG(20310513, 1)),
		Totals:    map[string]int{},
		ByReason:  map[string]int{},
		ByMinute:  map[string]map[string]int{},
		ByPod:     map[string]map[string]int{},
		Deploys:   deploys,
		ReadyAt:   map[string]time.Time{},
	}
}

func (d *day) hex(digits int) string {
	return fmt.Sprintf("%0*x", digits, d.draw.Uint64()>>(64-4*digits))
}

func (d *day) startPod(deploy Deploy) *pod {
	const letters = "bcdfghjklmnpqrstvwxz2456789" // the alphabet of Kubernetes' random names
	suffix := make([]byte, 5)
	for i := range suffix {
		suffix[i] = letters[d.draw.IntN(len(letters))]
	}
	name := deploy.ReplicaSet + "-" + string(suffix)
	file, err := os.Create(filepath.Join(d.directory, "pods", name+".log"))
	if err != nil {
		panic(err)
	}
	d.files = append(d.files, file)
	log := slog.New(slog.NewJSONHandler(file, nil)).With("service", "gateway", "pod", name)
	backend := func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(time.Duration(3+d.draw.IntN(40)) * time.Millisecond)
		w.WriteHeader(http.StatusOK)
	}
	return &pod{NewInstance(log, deploy.Version, backend), name}
}

// rollOut replaces all pods. It runs beside the traffic, in virtual time like everything else.
func (d *day) rollOut(deploy Deploy) {
	time.Sleep(time.Until(deploy.At))
	for slot := range pods {
		time.Sleep(startToTraffic)
		fresh := d.startPod(deploy)
		if slot == 0 && deploy.KeyDelay > 0 {
			d.inService[slot] = fresh
			time.Sleep(deploy.KeyDelay)
			fresh.LoadKey(sampleKey)
		} else {
			fresh.LoadKey(sampleKey)
			time.Sleep(startToTraffic)
			d.inService[slot] = fresh
		}
		d.ReadyAt[fresh.name] = time.Now()
		time.Sleep(20 * time.Second)
	}
}

// rate is requests per second: a day's cycle, and three times as much in the surge.
func rate(at time.Time) float64 {
	hours := at.Sub(dayBegin).Hours()
	cycle := 0.22 + 0.18*math.Cos((hours-14.5)/24*2*math.Pi)
	if at.After(surge[0]) && at.Before(surge[1]) {
		return 3 * cycle
	}
	return cycle
}

func (d *day) play() {
	var others sync.WaitGroup
	time.Sleep(time.Until(dayBegin.Add(-time.Second)))
	for range pods {
		first := d.startPod(deploys[0])
		first.LoadKey(sampleKey)
		d.inService = append(d.inService, first)
	}
	time.Sleep(time.Until(dayBegin))
	for _, deploy := range deploys[1:] {
		others.Go(func() { d.rollOut(deploy) })
	}
	others.Go(d.scan)
	for time.Now().Before(dayEnd) {
		d.userRequest()
		time.Sleep(time.Duration(d.draw.ExpFloat64() / rate(time.Now()) * float64(time.Second)))
	}
	others.Wait()
	for _, file := range d.files {
		file.Close()
	}
}

// token signs an access token that ends at a moment.
func token(subject string, ends time.Time, key []byte) string {
	claims := jwt.RegisteredClaims{
		Subject:   subject,
		IssuedAt:  jwt.NewNumericDate(ends.Add(-tokenLifetime)),
		ExpiresAt: jwt.NewNumericDate(ends),
	}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(key)
	if err != nil {
		panic(err)
	}
	return signed
}

// userRequest sends one user's request; one in 150 comes with a token that has just ended.
func (d *day) userRequest() {
	paths := []string{"/v2/cart", "/v2/catalogue", "/v2/catalogue", "/v2/account"}
	path := paths[d.draw.IntN(len(paths))]
	address := fmt.Sprintf("203.0.113.%d:%d", 1+d.draw.IntN(250), 20000+d.draw.IntN(40000))
	remaining := time.Duration(30+d.draw.IntN(1100)) * time.Second
	reason := ""
	if d.draw.IntN(150) == 0 {
		remaining = -time.Duration(2+d.draw.ExpFloat64()*300) * time.Second
		reason = "token_expired"
	}
	subject := "u-" + d.hex(6)
	d.send(path, address, "Bearer "+token(subject, time.Now().Add(remaining), sampleKey), reason)
}

// scan is what the internet sends all day: no token, half a token, a token signed by a guess.
func (d *day) scan() {
	for time.Now().Before(dayEnd) {
		time.Sleep(time.Duration(d.draw.ExpFloat64() * float64(8*time.Minute)))
		if !time.Now().Before(dayEnd) {
			return
		}
		address := fmt.Sprintf("198.51.100.%d:%d", 1+d.draw.IntN(40), 20000+d.draw.IntN(40000))
		switch kind := d.draw.IntN(10); {
		case kind < 3:
			d.send("/v2/account", address, "", "header_missing")
		case kind < 9:
			d.send("/v2/account", address, "Bearer "+d.hex(16), "token_malformed")
		default:
			guess := token("admin", time.Now().Add(time.Hour), []byte("guess"))
			d.send("/v2/account", address, "Bearer "+guess, "signature_invalid")
		}
	}
}

// send gives one request to a pod and enters it in the books: reason says why it must be refused.
func (d *day) send(path, address, authorization, reason string) {
	target := d.inService[d.draw.IntN(pods)]
	if target.key.Load() == nil && reason != "header_missing" && reason != "token_malformed" {
		reason = "key_missing"
	}
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.RemoteAddr = address
	request.Header.Set("X-Request-Id", d.hex(16))
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	minute := time.Now().UTC().Format("15:04")
	response := httptest.NewRecorder()
	target.ServeHTTP(response, request)
	if (response.Code == http.StatusUnauthorized) != (reason != "") {
		panic(fmt.Sprintf("the books say %q, the gateway says %d", reason, response.Code))
	}
	d.Totals["requests"]++
	if reason == "" {
		d.Totals["accepted"]++
		return
	}
	d.Totals["rejected"]++
	d.ByReason[reason]++
	count(d.ByMinute, minute, reason)
	count(d.ByPod, target.name, reason)
}

func count(counts map[string]map[string]int, key, reason string) {
	if counts[key] == nil {
		counts[key] = map[string]int{}
	}
	counts[key][reason]++
}

func (d *day) write() error {
	text, err := json.MarshalIndent(d, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(d.directory, "simulation.json"), text, 0o644)
}
