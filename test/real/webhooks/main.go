// Command webhooks serves the admission webhooks of Chaos Mesh's own API module over TLS on loopback, and prints one
// JSON line {"port", "authority", "kinds"} when it listens. With the argument "types" it prints what it knows of the
// module's types instead: see types.go.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/chaos-mesh/chaos-mesh/api/v1alpha1"
	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// reviewed is a kind that fills in and checks its own objects.
type reviewed interface {
	runtime.Object
	admission.CustomDefaulter
	admission.CustomValidator
}

func main() {
	run := serve
	if len(os.Args) > 1 && os.Args[1] == "types" {
		run = printTypes
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// allReviewed has the kinds whose webhooks Chaos Mesh's chart registers.
func allReviewed() map[string]reviewed {
	all := map[string]reviewed{
		"PhysicalMachine": &v1alpha1.PhysicalMachine{},
		"RemoteCluster":   &v1alpha1.RemoteCluster{},
		"StatusCheck":     &v1alpha1.StatusCheck{},
	}
	for kind, one := range v1alpha1.AllKindsIncludeScheduleAndWorkflow() {
		if object, ok := one.SpawnObject().(reviewed); ok {
			all[kind] = object
		}
	}
	return all
}

func serve() error {
	log.SetLogger(logr.Discard())
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		return err
	}
	mux := http.NewServeMux()
	kinds := []string{}
	for kind, object := range allReviewed() {
		// The paths are those that Chaos Mesh registers.
		path := "-chaos-mesh-org-v1alpha1-" + strings.ToLower(kind)
		hooks := map[string]*admission.Webhook{
			"/mutate":   admission.WithCustomDefaulter(scheme, object, object),
			"/validate": admission.WithCustomValidator(scheme, object, object),
		}
		for verb, hook := range hooks {
			handler, err := admission.StandaloneWebhook(hook, admission.StandaloneOptions{})
			if err != nil {
				return err
			}
			mux.Handle(verb+path, handler)
		}
		kinds = append(kinds, kind)
	}
	authority, config, err := loopbackCertificate()
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	facts := map[string]any{"port": listener.Addr().(*net.TCPAddr).Port, "authority": authority, "kinds": kinds}
	if err := json.NewEncoder(os.Stdout).Encode(facts); err != nil {
		return err
	}
	server := &http.Server{Handler: mux, TLSConfig: config}
	return server.ServeTLS(listener, "", "")
}
