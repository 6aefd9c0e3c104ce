git config user.name tagline
git config user.email tagline@localhost
for attempt in 1 2 3; do
  tagline tags
  for file in lead-tags.csv lead-tags.sum; do
    [ ! -f "$file" ] || git add "$file"
  done
  if git diff --cached --quiet; then break; fi
  git commit --quiet -m "Record lead tags"
  if git push --quiet "$REMOTE" "HEAD:$BRANCH"; then break; fi
  # Somebody pushed meanwhile: the lead tags are those of the new state.
  git fetch --quiet "$REMOTE" "$BRANCH"
  git reset --quiet --hard FETCH_HEAD
  [ "$attempt" -lt 3 ] || exit 1
done
