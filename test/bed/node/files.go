package main

import (
	"context"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
	"golang.org/x/sys/unix"
)

// fileDelay is what IOChaos does: a share of the reads, writes and syncs of the matching files waits first.
type fileDelay struct {
	ID      string  `json:"id"`
	DelayMs float64 `json:"delayMs"` // 0 ends it
	Percent float64 `json:"percent"`
	Pattern string  `json:"pattern"` // of the path where the files really are; empty = every file

	match *regexp.Regexp
}

var (
	filesDelayed ruleSet[fileDelay]
	// At this border, since the container's own block counters do not see what another process reads and writes for it.
	reads, writes, readBytes, writtenBytes atomic.Int64
	readNanos, writeNanos                  atomic.Int64
)

func delayFiles(order fileDelay) (err error) {
	if order.DelayMs <= 0 {
		filesDelayed.put(order.ID, nil)
	} else if order.match, err = regexp.Compile(order.Pattern); err == nil {
		filesDelayed.put(order.ID, &order)
	}
	return err
}

type passNode struct{ fs.LoopbackNode }

// passFile is an open file. O_DIRECT is kept, as a second descriptor: what is not aligned goes by the first.
type passFile struct {
	fs.FileHandle
	path       string
	fd, direct int
}

func (f *passFile) wait() {
	for _, d := range filesDelayed.all() {
		if rand.Float64()*100 < d.Percent && d.match.MatchString(f.path) {
			time.Sleep(milliseconds(d.DelayMs))
		}
	}
}

const (
	sector   = 512
	page     = 4096
	maxBlock = 1 << 20
)

var buffers = sync.Pool{New: func() any {
	raw := make([]byte, maxBlock+page)
	skip := (page - int(uintptr(unsafe.Pointer(&raw[0]))%page)) % page
	buffer := raw[skip : skip+maxBlock]
	return &buffer
}}

// aligned does one read or write through an aligned buffer, when the descriptor wants that and the place allows it.
func (f *passFile) aligned(data []byte, off int64, io func(fd int, data []byte, off int64) (int, error), out bool) (int, error) {
	if f.direct < 0 || len(data)%sector != 0 || off%sector != 0 || len(data) > maxBlock {
		return io(f.fd, data, off)
	}
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	block := (*buffer)[:len(data)]
	if out {
		copy(block, data)
	}
	n, err := io(f.direct, block, off)
	if !out && n > 0 {
		copy(data, block[:n])
	}
	return n, err
}

func (f *passFile) Read(_ context.Context, dest []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	start := time.Now()
	f.wait()
	n, err := f.aligned(dest, off, unix.Pread, false)
	if err != nil {
		return nil, fs.ToErrno(err)
	}
	reads.Add(1)
	readBytes.Add(int64(n))
	readNanos.Add(int64(time.Since(start)))
	return fuse.ReadResultData(dest[:n]), 0
}

func (f *passFile) Write(_ context.Context, data []byte, off int64) (uint32, syscall.Errno) {
	start := time.Now()
	f.wait()
	n, err := f.aligned(data, off, unix.Pwrite, true)
	if err != nil {
		return 0, fs.ToErrno(err)
	}
	writes.Add(1)
	writtenBytes.Add(int64(n))
	writeNanos.Add(int64(time.Since(start)))
	return uint32(n), 0
}

func (f *passFile) Fsync(context.Context, uint32) syscall.Errno {
	f.wait()
	return fs.ToErrno(unix.Fdatasync(f.fd))
}

func (f *passFile) Flush(context.Context) syscall.Errno { return 0 }

func (f *passFile) Release(ctx context.Context) syscall.Errno {
	if f.direct >= 0 {
		unix.Close(f.direct)
	}
	return f.FileHandle.(fs.FileReleaser).Release(ctx)
}

func (f *passFile) Getattr(ctx context.Context, out *fuse.AttrOut) syscall.Errno {
	return f.FileHandle.(fs.FileGetattrer).Getattr(ctx, out)
}

func (f *passFile) Setattr(ctx context.Context, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	return f.FileHandle.(fs.FileSetattrer).Setattr(ctx, in, out)
}

func (f *passFile) Allocate(ctx context.Context, off, size uint64, mode uint32) syscall.Errno {
	return f.FileHandle.(fs.FileAllocater).Allocate(ctx, off, size, mode)
}

func (f *passFile) Lseek(ctx context.Context, off uint64, whence uint32) (uint64, syscall.Errno) {
	return f.FileHandle.(fs.FileLseeker).Lseek(ctx, off, whence)
}

// The kernel keeps appending and executing to itself.
const notPassedOn = syscall.O_APPEND | syscall.O_DIRECT | 0x20

func pass(path string, flags uint32, fd int) *passFile {
	direct := -1
	if flags&syscall.O_DIRECT != 0 {
		again := int(flags) &^ (syscall.O_APPEND | syscall.O_CREAT | syscall.O_EXCL | syscall.O_TRUNC)
		if second, err := syscall.Open(path, again, 0); err == nil {
			direct = second
		}
	}
	return &passFile{fs.NewLoopbackFile(fd), path, fd, direct}
}

func (n *passNode) path() string { return filepath.Join(n.RootData.Path, n.Path(n.Root())) }

func (n *passNode) Open(_ context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	fd, err := syscall.Open(n.path(), int(flags)&^notPassedOn, 0)
	if err != nil {
		return nil, 0, fs.ToErrno(err)
	}
	return pass(n.path(), flags, fd), 0, 0
}

func (n *passNode) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	path := filepath.Join(n.path(), name)
	fd, err := syscall.Open(path, int(flags)&^notPassedOn|syscall.O_CREAT, mode)
	if err != nil {
		return nil, nil, 0, fs.ToErrno(err)
	}
	var info syscall.Stat_t
	if err := syscall.Fstat(fd, &info); err != nil {
		syscall.Close(fd)
		return nil, nil, 0, fs.ToErrno(err)
	}
	out.FromStat(&info)
	child := n.NewInode(ctx, newPassNode(n.RootData), fs.StableAttr{Mode: info.Mode, Ino: info.Ino, Gen: 1})
	return child, pass(path, flags, fd), 0, 0
}

func newPassNode(root *fs.LoopbackRoot) *passNode { return &passNode{fs.LoopbackNode{RootData: root}} }

// mountFiles shows the files of one folder in another, by way of this process.
func mountFiles(backing, mount string) (*fuse.Server, error) {
	info, err := os.Stat(backing)
	if err != nil {
		return nil, err
	}
	root := &fs.LoopbackRoot{
		Path: backing,
		Dev:  uint64(info.Sys().(*syscall.Stat_t).Dev),
		NewNode: func(root *fs.LoopbackRoot, _ *fs.Inode, _ string, _ *syscall.Stat_t) fs.InodeEmbedder {
			return newPassNode(root)
		},
	}
	node := newPassNode(root)
	root.RootNode = node
	second := time.Second
	options := &fs.Options{AttrTimeout: &second, EntryTimeout: &second}
	options.MaxWrite = maxBlock
	options.MaxBackground = 256
	options.AllowOther = true
	options.DirectMountStrict = true
	options.Name = "distdiag-bed"
	return fs.Mount(mount, node, options)
}
