package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Control groups of version 1: a tree for each controller.
const cgroups = "/sys/fs/cgroup"

func numberIn(controller, cgroup, file string) (float64, error) {
	text, err := os.ReadFile(filepath.Join(cgroups, controller, cgroup, file))
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.TrimSpace(string(text)), 64)
}

// numbersIn reads a file of lines `name number`.
func numbersIn(controller, cgroup, file string) (map[string]float64, error) {
	text, err := os.ReadFile(filepath.Join(cgroups, controller, cgroup, file))
	found := map[string]float64{}
	for line := range strings.Lines(string(text)) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if value, err := strconv.ParseFloat(rest, 64); err == nil {
			found[name] = value
		}
	}
	return found, err
}

// interfaceCounters are the 16 numbers of a device in /proc/net/dev.
func interfaceCounters(netns, device string) (counters []float64, err error) {
	var text []byte
	err = inNetns(netns, func() (err error) {
		text, err = os.ReadFile("/proc/thread-self/net/dev")
		return err
	})
	for line := range strings.Lines(string(text)) {
		if name, rest, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == device {
			for _, field := range strings.Fields(rest) {
				value, _ := strconv.ParseFloat(field, 64)
				counters = append(counters, value)
			}
		}
	}
	return counters, err
}

// containerMetrics says what the kubelet's cAdvisor says of a container, under its names and labels.
func containerMetrics(c nodeConfig, out *exposition) error {
	usage, err := numberIn("cpuacct", c.Cgroup, "cpuacct.usage")
	if err != nil {
		return err
	}
	times, err := numbersIn("cpuacct", c.Cgroup, "cpuacct.stat")
	if err != nil {
		return err
	}
	throttling, err := numbersIn("cpu", c.Cgroup, "cpu.stat")
	if err != nil {
		return err
	}
	quota, err := numberIn("cpu", c.Cgroup, "cpu.cfs_quota_us")
	if err != nil {
		return err
	}
	period, err := numberIn("cpu", c.Cgroup, "cpu.cfs_period_us")
	if err != nil {
		return err
	}
	used, err := numberIn("memory", c.Cgroup, "memory.usage_in_bytes")
	if err != nil {
		return err
	}
	limit, err := numberIn("memory", c.Cgroup, "memory.limit_in_bytes")
	if err != nil {
		return err
	}
	memory, err := numbersIn("memory", c.Cgroup, "memory.stat")
	if err != nil {
		return err
	}
	network, err := interfaceCounters(c.Netns, "eth0")
	if err != nil {
		return err
	}

	const ticks = 100 // of user space a second
	own := []string{"namespace", c.Namespace, "pod", c.Pod, "container", c.Container}
	with := func(more ...string) []string { return append(append([]string{}, own...), more...) }
	out.counter("container_cpu_usage_seconds_total", usage/1e9, with("cpu", "total")...)
	out.counter("container_cpu_user_seconds_total", times["user"]/ticks, own...)
	out.counter("container_cpu_system_seconds_total", times["system"]/ticks, own...)
	out.counter("container_cpu_cfs_periods_total", throttling["nr_periods"], own...)
	out.counter("container_cpu_cfs_throttled_periods_total", throttling["nr_throttled"], own...)
	out.counter("container_cpu_cfs_throttled_seconds_total", throttling["throttled_time"]/1e9, own...)
	out.gauge("container_spec_cpu_period", period, own...)
	if quota > 0 {
		out.gauge("container_spec_cpu_quota", quota, own...)
	}
	out.gauge("container_memory_usage_bytes", used, own...)
	out.gauge("container_memory_working_set_bytes", max(0, used-memory["total_inactive_file"]), own...)
	out.gauge("container_memory_rss", memory["total_rss"], own...)
	out.gauge("container_memory_cache", memory["total_cache"], own...)
	out.gauge("container_memory_mapped_file", memory["total_mapped_file"], own...)
	out.counter("container_memory_failures_total", memory["total_pgfault"], with("failure_type", "pgfault", "scope", "container")...)
	out.counter("container_memory_failures_total", memory["total_pgmajfault"], with("failure_type", "pgmajfault", "scope", "container")...)
	out.gauge("container_spec_memory_limit_bytes", limit, own...)
	device := with("device", "/dev/fuse")
	out.counter("container_fs_reads_total", float64(reads.Load()), device...)
	out.counter("container_fs_writes_total", float64(writes.Load()), device...)
	out.counter("container_fs_reads_bytes_total", float64(readBytes.Load()), device...)
	out.counter("container_fs_writes_bytes_total", float64(writtenBytes.Load()), device...)
	out.counter("container_fs_read_seconds_total", float64(readNanos.Load())/1e9, device...)
	out.counter("container_fs_write_seconds_total", float64(writeNanos.Load())/1e9, device...)
	names := []string{"bytes", "packets", "errors", "packets_dropped"}
	if len(network) == 16 {
		pod := []string{"namespace", c.Namespace, "pod", c.Pod, "interface", "eth0"}
		for i, name := range names {
			out.counter("container_network_receive_"+name+"_total", network[i], pod...)
		}
		for i, name := range names {
			out.counter("container_network_transmit_"+name+"_total", network[8+i], pod...)
		}
	}
	return nil
}
