FROM golang:1.26-alpine AS build
RUN apk add --no-cache gcc musl-dev
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION
RUN CGO_ENABLED=1 go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /dispatch .

FROM alpine:3
RUN apk add --no-cache ca-certificates tzdata \
 && adduser -D -H -u 10001 dispatch \
 && install -d -o dispatch -g dispatch -m 0700 /data
COPY --from=build /dispatch /usr/local/bin/dispatch
USER dispatch
WORKDIR /data
VOLUME /data
# /data holds the database and, beside it, the key of its secrets. A config.toml there is read, too; these two win.
ENV DISPATCH_STORAGE_URL=sqlite:///data/dispatch.db DISPATCH_HTTP_ADDR=:8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD wget -q -O /dev/null "http://127.0.0.1:${DISPATCH_HTTP_ADDR##*:}/healthz"
ENTRYPOINT ["dispatch"]
