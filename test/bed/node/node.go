package main

import (
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

type nodeConfig struct {
	Netns   string `json:"netns"`
	Router  string `json:"router"` // network namespace of the clients
	Tunnel  string `json:"tunnel"` // the tunnel's device there
	Backing string `json:"backing"`
	Mount   string `json:"mount"`
	Cgroup  string `json:"cgroup"`
	Engine  string `json:"engine"`
	SQLPort int    `json:"sqlPort"`

	Namespace string `json:"namespace"`
	Pod       string `json:"pod"`
	Container string `json:"container"`
	IP        string `json:"ip"`
	Zone      string `json:"zone"`
}

// runNode is the helper of one node: its files and its network pass through here, and its metrics are told here.
func runNode(c nodeConfig) {
	server, err := mountFiles(c.Backing, c.Mount)
	if err != nil {
		log.Fatal("mount: ", err)
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-ended
		server.Unmount()
		os.Exit(0)
	}()
	inside, err := openTunnel(c.Netns, "eth0")
	if err != nil {
		log.Fatal("tunnel: ", err)
	}
	outside, err := openTunnel(c.Router, c.Tunnel)
	if err != nil {
		log.Fatal("tunnel: ", err)
	}
	go forward(inside, outside, &leaving, destinationAt)
	go forward(outside, inside, &reaching, sourceAt)
	order("/files", delayFiles)
	order("/network", delayNetwork)
	http.HandleFunc("GET /metrics/container", exporter(func(out *exposition) error { return containerMetrics(c, out) }))
	http.HandleFunc("GET /metrics/engine", exporter(newEngine(c).metrics))
	serve()
}

// runExporter tells a server's own metrics from another container of its pod, where obagent would.
func runExporter(c nodeConfig) {
	c.IP = os.Getenv("POD_IP")
	http.HandleFunc("GET /metrics/engine", exporter(newEngine(c).metrics))
	log.Fatal(http.ListenAndServe(":8088", nil))
}
