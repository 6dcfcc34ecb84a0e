"""The graph as tools for assistants, by the Model Context Protocol (https://modelcontextprotocol.io).

replies    a text to be read and the same as data, no longer than an assistant can take
tools      what each tool answers from a graph
worker     a process that answers one call after another, and can be ended
minders    who starts workers, and ends those that take too long
server     the tools as the protocol describes and calls them
"""
