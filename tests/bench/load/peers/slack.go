// The same command with nothing but Go's standard library.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"
)

func main() {
	reply, err := os.ReadFile(os.Getenv("REPLY"))
	if err != nil {
		log.Fatal(err)
	}
	secret := []byte(os.Getenv("SECRET"))
	http.HandleFunc("/slack/commands", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 256<<10))
		if err != nil || !signed(secret, r.Header, body) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		form, err := url.ParseQuery(string(body))
		if err != nil || form.Get("command") != "/recover" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(reply)
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}

func signed(secret []byte, headers http.Header, body []byte) bool {
	sent := headers.Get("X-Slack-Request-Timestamp")
	seconds, err := strconv.ParseInt(sent, 10, 64)
	if age := time.Since(time.Unix(seconds, 0)); err != nil || age.Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("v0:" + sent + ":"))
	mac.Write(body)
	right := "v0=" + hex.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(right), []byte(headers.Get("X-Slack-Signature")))
}
