// Answers what kubectl reads from files: its own resource builder, as `kubectl apply -f` uses it. Each line of its input
// is one file as a JSON string; each line of its output is what that file holds.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/resource"
	"sigs.k8s.io/yaml"
)

type answer struct {
	// What would be sent, in order, up to what cannot be read. As texts, since numbers have more digits here than in JavaScript.
	Objects []string `json:"objects,omitempty"`
	Error   string   `json:"error,omitempty"`
	// As those read the file who take one document, as kubectl does its kubeconfig; none where it is refused.
	First string `json:"first,omitempty"`
}

func ask(file, text string) answer {
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		panic(err)
	}
	result := answer{}
	options := &resource.FilenameOptions{Filenames: []string{file}}
	err := resource.NewLocalBuilder().Unstructured().FilenameParam(false, options).Flatten().Do().Visit(
		func(info *resource.Info, err error) error {
			if err == nil {
				result.Objects = append(result.Objects, jsonOf(info.Object.(*unstructured.Unstructured).Object))
			}
			return err
		})
	if err != nil {
		result.Error = strings.ReplaceAll(err.Error(), file, "file.yaml")
	}
	var first any
	if text, err := yaml.YAMLToJSON([]byte(text)); err == nil && json.Unmarshal(text, &first) == nil {
		result.First = jsonOf(first)
	}
	return result
}

func jsonOf(value any) string {
	text := strings.Builder{}
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return strings.TrimSpace(text.String())
}

func main() {
	folder, err := os.MkdirTemp("", "distdiag-yaml-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	lines := bufio.NewReader(os.Stdin)
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	encoder := json.NewEncoder(output)
	encoder.SetEscapeHTML(false)
	for {
		line, end := lines.ReadBytes('\n')
		if len(line) > 1 {
			var text string
			if err := json.Unmarshal(line, &text); err != nil {
				panic(err)
			}
			if err := encoder.Encode(ask(filepath.Join(folder, "file.yaml"), text)); err != nil {
				panic(err)
			}
		}
		if end != nil {
			return
		}
	}
}
