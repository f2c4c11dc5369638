// Command daemon stands in for Chaos Mesh's per-node daemon: it serves the daemon's gRPC on loopback, does nothing of
// what it is asked, and tells of it. It prints one JSON line {"port"} when it listens, then one for each call.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/chaos-mesh/chaos-mesh/pkg/chaosdaemon/pb"
	"github.com/golang/protobuf/ptypes/empty"
	"google.golang.org/grpc"
)

// daemon answers success to everything that an experiment on pods needs; the rest is not implemented, and says so.
type daemon struct {
	pb.UnimplementedChaosDaemonServer
}

func (*daemon) SetTcs(context.Context, *pb.TcsRequest) (*empty.Empty, error) {
	return &empty.Empty{}, nil
}

func (*daemon) FlushIPSets(context.Context, *pb.IPSetsRequest) (*empty.Empty, error) {
	return &empty.Empty{}, nil
}

func (*daemon) SetIptablesChains(context.Context, *pb.IptablesChainsRequest) (*empty.Empty, error) {
	return &empty.Empty{}, nil
}

func (*daemon) ExecStressors(context.Context, *pb.ExecStressRequest) (*pb.ExecStressResponse, error) {
	now := time.Now().UnixMilli()
	return &pb.ExecStressResponse{CpuInstance: "1", CpuStartTime: now, MemoryInstance: "1", MemoryStartTime: now}, nil
}

func (*daemon) CancelStressors(context.Context, *pb.CancelStressRequest) (*empty.Empty, error) {
	return &empty.Empty{}, nil
}

func (*daemon) ApplyIOChaos(context.Context, *pb.ApplyIOChaosRequest) (*pb.ApplyIOChaosResponse, error) {
	return &pb.ApplyIOChaosResponse{Instance: 1, StartTime: time.Now().UnixMilli(), InstanceUid: "1"}, nil
}

func (*daemon) ContainerKill(context.Context, *pb.ContainerRequest) (*empty.Empty, error) {
	return &empty.Empty{}, nil
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	var lock sync.Mutex
	out := json.NewEncoder(os.Stdout)
	tell := func(value any) error {
		lock.Lock()
		defer lock.Unlock()
		return out.Encode(value)
	}
	heard := func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
		method := info.FullMethod[strings.LastIndex(info.FullMethod, "/")+1:]
		if err := tell(map[string]any{"method": method, "request": request}); err != nil {
			return nil, err
		}
		return handle(ctx, request)
	}
	server := grpc.NewServer(grpc.UnaryInterceptor(heard))
	pb.RegisterChaosDaemonServer(server, &daemon{})
	if err := tell(map[string]any{"port": listener.Addr().(*net.TCPAddr).Port}); err != nil {
		return err
	}
	return server.Serve(listener)
}
