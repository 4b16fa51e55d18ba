print("nothing to build yet")
