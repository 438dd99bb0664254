package main

import (
	"io"

	"github.com/sirupsen/logrus"

	"dispatch/config"
)

// newLogger makes the one logger of the process. The config has checked level and format.
func newLogger(cfg config.Log, out io.Writer) *logrus.Logger {
	log := logrus.New()
	log.SetOutput(out)
	if level, err := logrus.ParseLevel(cfg.Level); err == nil {
		log.SetLevel(level)
	}
	if cfg.Format == "json" {
		log.SetFormatter(&logrus.JSONFormatter{})
	} else {
		log.SetFormatter(&logrus.TextFormatter{FullTimestamp: true})
	}
	return log
}
