package playground

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"

	"github.com/gorilla/websocket"
	"github.com/klauspost/compress/zstd"
)

// packer turns payloads into WebSocket messages. A connection's stream goes through one packer from its
// beginning to its end.
// See https://discord.com/developers/docs/events/gateway#encoding-and-compression.
type packer struct {
	stream flusher // Nil for a connection that is not compressed as a stream.
	out    *bytes.Buffer
}

type flusher interface {
	io.Writer
	Flush() error
}

// newPacker returns the packer for the query parameter compress.
func newPacker(compress string) (*packer, error) {
	out := new(bytes.Buffer)
	switch compress {
	case "":
		return &packer{out: out}, nil
	case "zlib-stream":
		return &packer{stream: zlib.NewWriter(out), out: out}, nil
	case "zstd-stream":
		w, err := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(zstd.MinWindowSize<<7))
		if err != nil {
			return nil, err
		}
		return &packer{stream: w, out: out}, nil
	}
	return nil, fmt.Errorf("compression %q is not spoken here", compress)
}

// pack returns a payload as a WebSocket message of a kind. Without a stream it is compressed by itself if
// that is asked for. The data is good until the next call.
func (p *packer) pack(payload []byte, compress bool) (kind int, data []byte, err error) {
	p.out.Reset()
	switch {
	case p.stream != nil:
		_, err = p.stream.Write(payload)
		err = errors.Join(err, p.stream.Flush())
	case compress:
		w := zlib.NewWriter(p.out)
		_, err = w.Write(payload)
		err = errors.Join(err, w.Close())
	default:
		return websocket.TextMessage, payload, nil
	}
	if err != nil {
		return 0, nil, fmt.Errorf("compress payload: %w", err)
	}
	return websocket.BinaryMessage, p.out.Bytes(), nil
}
