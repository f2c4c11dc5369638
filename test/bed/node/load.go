package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"math"
	"math/rand"
	"sync/atomic"
	"time"

	"github.com/go-sql-driver/mysql"
)

type loadConfig struct {
	Router    string   `json:"router"`
	Addresses []string `json:"addresses"`
	Shared    bool     `json:"shared"` // one database on all nodes
	Seed      int64    `json:"seed"`
	Clients   int      `json:"clients"` // of each node
	Think     float64  `json:"thinkSeconds"`
	// Share of the writing transactions that also change a row of another node.
	Remote      float64 `json:"remote"`
	ArchiveRows int     `json:"archiveRows"` // of each node, 2 kB each
}

// home is a node as its terminals see it.
type home struct {
	node         int
	db           *sql.DB
	clients, hot atomic.Int64
	pace         atomic.Uint64 // bits of a float: 1 = normal
}

type loadOrder struct {
	Node    *int     `json:"node"`
	Clients *int64   `json:"clients"`
	Hot     *int64   `json:"hot"`
	Think   *float64 `json:"thinkSeconds"`
}

const (
	mostTerminals = 200
	mostHot       = 60
	pause         = 200 * time.Millisecond
)

type load struct {
	config loadConfig
	homes  []*home
	think  atomic.Uint64 // bits of a float, seconds
}

func (l *load) obey(order loadOrder) error {
	if order.Think != nil {
		l.think.Store(math.Float64bits(*order.Think))
	}
	for _, h := range l.homes {
		if order.Node != nil && *order.Node != h.node {
			continue
		}
		if order.Clients != nil {
			h.clients.Store(min(*order.Clients, mostTerminals))
		}
		if order.Hot != nil {
			h.hot.Store(min(*order.Hot, mostHot))
		}
	}
	return nil
}

// runLoad is a closed loop: each terminal thinks, does a transaction at its home, and thinks again.
func runLoad(c loadConfig) {
	l := &load{config: c}
	l.think.Store(math.Float64bits(c.Think))
	for node, address := range c.Addresses {
		h := &home{node: node, db: openDatabase(c.Router, address, "test", mostTerminals+mostHot, nil)}
		h.clients.Store(int64(c.Clients))
		h.pace.Store(math.Float64bits(1))
		l.homes = append(l.homes, h)
	}
	for _, h := range l.homes {
		for number := range mostTerminals {
			go l.terminal(h, number)
		}
		for number := range mostHot {
			go l.hotSession(h, number)
		}
	}
	go l.drift()
	order("/load", l.obey)
	serve()
}

// drift lets the load rise and fall a little, on all nodes together and on each alone.
func (l *load) drift() {
	r := rand.New(rand.NewSource(l.config.Seed))
	common, own := 0.0, make([]float64, len(l.homes))
	for range time.Tick(time.Second) {
		common = 0.97*common + 0.24*r.NormFloat64()
		for i, h := range l.homes {
			own[i] = 0.95*own[i] + 0.31*r.NormFloat64()
			h.pace.Store(math.Float64bits(max(0.3, 1+0.04*common+0.07*own[i])))
		}
	}
}

func (l *load) terminal(h *home, number int) {
	s := &session{load: l, home: h, r: rand.New(rand.NewSource(l.config.Seed + int64(h.node*1000+number)))}
	for {
		if int64(number) >= h.clients.Load() {
			s.leave()
			time.Sleep(pause)
			continue
		}
		mean := math.Float64frombits(l.think.Load()) / math.Float64frombits(h.pace.Load())
		time.Sleep(time.Duration(s.r.ExpFloat64() * mean * float64(time.Second)))
		if s.conn == nil {
			conn, err := h.db.Conn(context.Background())
			if err != nil {
				time.Sleep(time.Second)
				continue
			}
			s.conn = conn
		}
		var refused *mysql.MySQLError
		if err := s.transaction(); err != nil && !errors.As(err, &refused) {
			s.conn.Raw(func(any) error { return driver.ErrBadConn })
			s.leave()
			time.Sleep(pause)
		}
	}
}

// hotSession changes the rows that every payment of this home changes as well, and holds them for a while.
func (l *load) hotSession(h *home, number int) {
	r := rand.New(rand.NewSource(l.config.Seed + int64(h.node*7777+number)))
	for {
		if int64(number) >= h.hot.Load() {
			time.Sleep(pause)
			continue
		}
		tx, err := h.db.Begin()
		if err != nil {
			time.Sleep(pause)
			continue
		}
		for w := range warehouses {
			if err == nil {
				_, err = tx.Exec("update warehouse set w_ytd = w_ytd + 1 where w_id = ?", warehouse(h.node, w))
			}
		}
		if err == nil {
			time.Sleep(time.Duration(20+r.Intn(40)) * time.Millisecond)
			err = tx.Commit()
		}
		if err != nil {
			tx.Rollback()
			time.Sleep(pause / 10)
		}
	}
}
