package main

import (
	"context"
	"log"
	"math/rand"
	"net"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// netDelay is what NetworkChaos does with netem: packets that leave or reach the pod wait first.
type netDelay struct {
	ID        string       `json:"id"`
	DelayMs   float64      `json:"delayMs"` // 0 ends it
	JitterMs  float64      `json:"jitterMs"`
	Direction string       `json:"direction"` // to, from or both
	Peers     []netip.Addr `json:"peers"`     // none = all
}

var leaving, reaching ruleSet[netDelay]

func delayNetwork(order netDelay) error {
	on := func(directions ...string) *netDelay {
		if order.DelayMs > 0 && slices.Contains(directions, order.Direction) {
			return &order
		}
		return nil
	}
	leaving.put(order.ID, on("to", "both"))
	reaching.put(order.ID, on("from", "both"))
	return nil
}

func milliseconds(number float64) time.Duration {
	return time.Duration(number * float64(time.Millisecond))
}

// inNetns runs f in a network namespace, on a thread that ends with it.
func inNetns(name string, f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		done <- func() error {
			namespace, err := os.Open("/run/netns/" + name)
			if err != nil {
				return err
			}
			defer namespace.Close()
			if err := unix.Setns(int(namespace.Fd()), unix.CLONE_NEWNET); err != nil {
				return err
			}
			return f()
		}()
	}()
	return <-done
}

func dialIn(netns string) func(context.Context, string) (net.Conn, error) {
	return func(ctx context.Context, address string) (connection net.Conn, err error) {
		err = inNetns(netns, func() (err error) {
			connection, err = (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, "tcp", address)
			return err
		})
		return connection, err
	}
}

func openTunnel(netns, device string) (file *os.File, err error) {
	err = inNetns(netns, func() error {
		fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		request, err := unix.NewIfreq(device)
		if err != nil {
			return err
		}
		request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, request); err != nil {
			return err
		}
		file = os.NewFile(uintptr(fd), device) // only now can it be waited for
		return nil
	})
	return file, err
}

type packet struct {
	due  time.Time
	data []byte
}

// Where the address of the other side is in an IPv4 packet.
const (
	sourceAt      = 12
	destinationAt = 16
)

func (d *netDelay) concerns(data []byte, at int) bool {
	if len(d.Peers) == 0 {
		return true
	}
	if len(data) < at+4 {
		return false
	}
	return slices.Contains(d.Peers, netip.AddrFrom4([4]byte(data[at:at+4])))
}

// waitOf is how long a packet waits; what no rule concerns is not held up by those that wait.
func waitOf(rules map[string]netDelay, data []byte, peerAt int) (wait time.Duration, concerned bool) {
	for _, d := range rules {
		if d.concerns(data, peerAt) {
			concerned = true
			wait += milliseconds(d.DelayMs + d.JitterMs*(2*rand.Float64()-1))
		}
	}
	return wait, concerned
}

// forward carries packets from one end of the tunnel to the other. What waits keeps its order.
func forward(from, to *os.File, delays *ruleSet[netDelay], peerAt int) {
	var waiting atomic.Int64
	queue := make(chan packet, 50_000)
	go func() {
		for p := range queue {
			time.Sleep(time.Until(p.due))
			to.Write(p.data)
			waiting.Add(-1)
		}
	}()
	buffer := make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			log.Print("tunnel: ", err)
			return
		}
		rules := delays.all()
		wait, concerned := waitOf(rules, buffer[:n], peerAt)
		if !concerned && (len(rules) > 0 || waiting.Load() == 0) {
			to.Write(buffer[:n])
			continue
		}
		waiting.Add(1)
		select {
		case queue <- packet{time.Now().Add(wait), slices.Clone(buffer[:n])}:
		default: // netem drops as well when its queue is full
			waiting.Add(-1)
		}
	}
}
