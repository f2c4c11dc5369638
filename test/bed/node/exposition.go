package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// exposition collects samples in Prometheus's text format; a family's samples must come one after the other.
type exposition struct {
	text   strings.Builder
	family string
}

// labels are names and values by turns.
type labels []string

func (out *exposition) add(kind, name string, value float64, pairs labels) {
	if name != out.family {
		fmt.Fprintf(&out.text, "# TYPE %s %s\n", name, kind)
		out.family = name
	}
	out.text.WriteString(name)
	for i := 0; i < len(pairs); i += 2 {
		open := ","
		if i == 0 {
			open = "{"
		}
		fmt.Fprintf(&out.text, "%s%s=%s", open, pairs[i], strconv.Quote(pairs[i+1]))
	}
	if len(pairs) > 0 {
		out.text.WriteByte('}')
	}
	fmt.Fprintf(&out.text, " %s\n", strconv.FormatFloat(value, 'g', -1, 64))
}

func (out *exposition) counter(name string, value float64, pairs ...string) {
	out.add("counter", name, value, pairs)
}

func (out *exposition) gauge(name string, value float64, pairs ...string) {
	out.add("gauge", name, value, pairs)
}

func exporter(collect func(*exposition) error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		out := &exposition{}
		if err := collect(out); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		fmt.Fprint(w, out.text.String())
	}
}
