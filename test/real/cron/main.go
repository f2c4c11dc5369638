// Prints what robfig/cron, with the options of Chaos Mesh, answers to schedules made of odd and usual parts: the corpus of
// test/unit/core/cron.test.ts. `go run . > ../../unit/core/cronAnswers.jsonl`
package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
)

// As StandardCronParser in Chaos Mesh's api/v1alpha1/schedule_types.go.
var parser = cron.NewParser(cron.SecondOptional | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)

var starts = []string{"2026-01-30T10:17:31Z", "2026-03-28T23:59:59Z", "2026-10-25T00:30:00Z", "2028-02-28T12:00:00Z"}

var parts = [][]string{
	{"*", "*", "0", "*/5", "*/30", "30", "7/20", "10-20", "10-50/15", "59", "60", "*/7", "?"},
	{"*", "*", "0", "*/5", "0,30", "17", "5-1", "50-59/3", "*/0", "x", "+5", "59", ",", "1,,2"},
	{"*", "*", "0", "3", "8-18/2", "*/6", "23", "24", "22-23", "?", "*/1", "2"},
	{"*", "*", "?", "1", "31", "*/2", "13", "29", "1-7", "0", "32", "15,30", "1/10", "*/1", "*-5"},
	{"*", "*", "feb", "JAN-mar", "12", "*/3", "13", "2", "6,7", "0", "Sept", "?"},
	{"*", "*", "?", "mon", "MON-FRI", "0", "6", "7", "*/2", "1,3,5", "sun,sat", "1/2", "fri-mon", "tues"},
}

var whole = []string{
	"", " ", "@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually", "@Hourly", "@never", " @hourly",
	"@every 90s", "@every 1h30m", "@every 5ms", "@every -5m", "@every  5m", "@every 5", "@every", "@every 1.5h", "@every 1d",
	"@every .5h", "@every 2500ms", "@every 5m ", "* * * *", "* * * * * * *", "TZ=UTC * * * * *", "TZ=Mars/Olympus * * * * *",
	"CRON_TZ=Asia/Shanghai 0 3 * * *", "TZ=Europe/Berlin @daily", "TZ=Europe/Berlin  30 2 * * *", "TZ= 0 0 * * *",
	"TZ=America/New_York 0 30 9 * * mon-fri", "tz=UTC * * * * *", "\t5\t4 * *  *", "0 0 31 2 *", "0 0 29 2 *", "*/30 * * * * *",
}

type answer struct {
	Spec string `json:"spec"`
	// Times after each start of the first line; null where there is none, no list where it is no schedule.
	Next [][]any `json:"next,omitempty"`
}

func ask(spec string) answer {
	schedule, err := parser.Parse(spec)
	if err != nil {
		return answer{Spec: spec}
	}
	all := [][]any{}
	for _, start := range starts {
		at, _ := time.Parse(time.RFC3339, start)
		times := []any{}
		for i := 0; i < 3; i++ {
			at = schedule.Next(at)
			if at.IsZero() {
				times = append(times, nil)
				break
			}
			times = append(times, at.UTC().Format(time.RFC3339))
		}
		all = append(all, times)
	}
	return answer{Spec: spec, Next: all}
}

func main() {
	time.Local = time.UTC
	random := rand.New(rand.NewSource(1))
	answers := []answer{}
	for _, spec := range whole {
		answers = append(answers, ask(spec))
	}
	for i := 0; i < 800; i++ {
		words := []string{}
		for _, options := range parts[random.Intn(2):] {
			words = append(words, options[random.Intn(len(options))])
		}
		spec := strings.Join(words, " ")
		if random.Intn(10) == 0 {
			spec = fmt.Sprintf("TZ=%s %s", []string{"Asia/Shanghai", "Europe/Berlin", "America/New_York"}[random.Intn(3)], spec)
		}
		answers = append(answers, ask(spec))
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(starts); err != nil {
		panic(err)
	}
	for _, one := range answers {
		if err := encoder.Encode(one); err != nil {
			panic(err)
		}
	}
}
