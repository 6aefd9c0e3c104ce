curl --fail --silent --show-error --location --output /tmp/tagline.tar.gz "$TAGLINE_URL"
echo "$TAGLINE_SHA256  /tmp/tagline.tar.gz" | sha256sum --check --quiet
mkdir -p "$HOME/.local/bin"
tar -xzf /tmp/tagline.tar.gz -C "$HOME/.local/bin" --strip-components=1 --wildcards '*/tagline'
