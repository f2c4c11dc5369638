package main

import (
	"maps"
	"sync"
	"sync/atomic"
)

// ruleSet holds what is in force, by the ids of those who ordered it: reading is for every packet and file operation.
type ruleSet[T any] struct {
	mutex   sync.Mutex
	current atomic.Pointer[map[string]T]
}

// put brings a rule into force, or ends it where there is none.
func (s *ruleSet[T]) put(id string, rule *T) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	next := map[string]T{}
	maps.Copy(next, s.all())
	delete(next, id)
	if rule != nil {
		next[id] = *rule
	}
	s.current.Store(&next)
}

func (s *ruleSet[T]) all() map[string]T {
	if rules := s.current.Load(); rules != nil {
		return *rules
	}
	return nil
}
