// Command toda stands in for the program of this name with which Chaos Mesh's daemon delays files: it takes the same
// orders on its standard input, and holds the container to so few operations a second on the volume's disk that one after
// another waits as long as is ordered. Other faults of files it refuses. It ends, and the delay with it, on SIGTERM.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// One of Chaos Mesh's IOChaosAction; a percentage of 0 is all.
type action struct {
	Type    string `json:"type"`
	Latency string `json:"latency"`
	Percent int    `json:"percent"`
}

type request struct {
	ID     json.RawMessage   `json:"id"`
	Method string            `json:"method"`
	Params []json.RawMessage `json:"params"`
}

func main() {
	volume := flag.String("path", "", "the volume's folder in the container")
	flag.String("verbose", "", "of the original's log")
	flag.Parse()
	// The way to the container is told by its mount namespace: /proc/PID/ns/mnt.
	process := filepath.Dir(filepath.Dir(os.Getenv("NSENTER_MOUNT")))
	group, device, err := diskOf(process, *volume)
	if err != nil {
		log.Fatal("toda: ", err)
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-ended
		limit(group, device, 0)
		os.Exit(0)
	}()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var asked request
		if json.Unmarshal(lines.Bytes(), &asked) != nil || asked.ID == nil {
			continue
		}
		answer := map[string]any{"jsonrpc": "2.0", "id": asked.ID, "result": "ok"}
		if asked.Method == "update" {
			if err := update(group, device, asked.Params); err != nil {
				delete(answer, "result")
				answer["error"] = map[string]any{"code": 1, "message": err.Error()}
			}
		}
		text, _ := json.Marshal(answer)
		fmt.Printf("%s\n", text)
	}
	select {} // the daemon may close the pipe; only a signal ends the fault
}

func update(group, device string, params []json.RawMessage) error {
	var actions []action
	if len(params) != 1 {
		return errors.New("one list of actions is wanted")
	}
	if err := json.Unmarshal(params[0], &actions); err != nil {
		return err
	}
	var wait time.Duration
	for _, one := range actions {
		if one.Type != "latency" {
			return fmt.Errorf("the stand-in for toda knows no %s", one.Type)
		}
		latency, err := time.ParseDuration(one.Latency)
		if err != nil {
			return err
		}
		if one.Percent > 0 {
			latency = latency * time.Duration(one.Percent) / 100
		}
		wait += latency
	}
	return limit(group, device, wait)
}

// limit makes each operation wait for the one before it; 0 ends that.
func limit(group, device string, wait time.Duration) error {
	rate := 0
	if wait > 0 {
		rate = max(1, int(time.Second/wait))
	}
	for _, way := range []string{"read", "write"} {
		file := filepath.Join(group, "blkio.throttle."+way+"_iops_device")
		if err := os.WriteFile(file, fmt.Appendf(nil, "%s %d", device, rate), 0); err != nil {
			return err
		}
	}
	return nil
}

// diskOf finds the control group of a process, and the disk that a folder of it is on.
func diskOf(process, folder string) (group, device string, err error) {
	groups, err := os.ReadFile(filepath.Join(process, "cgroup"))
	if err != nil {
		return "", "", err
	}
	for line := range strings.Lines(string(groups)) {
		if parts := strings.SplitN(strings.TrimSpace(line), ":", 3); parts[1] == "blkio" {
			group = filepath.Join("/host-sys/fs/cgroup/blkio", parts[2])
		}
	}
	mounts, err := os.ReadFile(filepath.Join(process, "mountinfo"))
	if err != nil {
		return "", "", err
	}
	for line := range strings.Lines(string(mounts)) {
		if fields := strings.Fields(line); fields[4] == filepath.Clean(folder) {
			device = fields[2]
		}
	}
	if group == "" || device == "" {
		return "", "", fmt.Errorf("%s is no volume of the container", folder)
	}
	return group, device, nil
}
